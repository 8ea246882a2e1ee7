"""Every table of the bank: the one door for alembic."""

from kaspi_web.domain.baskets.models import BasketLine
from kaspi_web.domain.bills.models import (
    Biller,
    BillPayment,
    BillRefund,
    Difference,
    Favourite,
    Holiday,
    PaymentIntent,
)
from kaspi_web.domain.bonus.models import BonusRule
from kaspi_web.domain.cards.models import Card, CardCharge, CardLink, CardPayout, CardRecipient, CardRefund
from kaspi_web.domain.catalogue.models import (
    Attribute,
    AttributeValue,
    CatalogueWord,
    Category,
    Listed,
    ListedTerms,
    Offer,
    Product,
    ProductFact,
    ProductImage,
    Review,
    Stock,
)
from kaspi_web.domain.checkout.models import Checkout, Reservation
from kaspi_web.domain.customers.models import Customer, SignInTry
from kaspi_web.domain.identity.models import Identity, IdentityRequest, IdentityTry
from kaspi_web.domain.ledger.models import Account, Entry, Hold, Posting, Seal
from kaspi_web.domain.loans.models import (
    DueBill,
    DueRun,
    Loan,
    LoanPayment,
    LoanRule,
    LoanTerm,
    RedMember,
    Repayment,
)
from kaspi_web.domain.merchants.models import Merchant, PickupPoint
from kaspi_web.domain.onboarding.models import PhoneProof
from kaspi_web.domain.orders.models import Order, OrderEvent, OrderLine, OrderReturn, Purchase
from kaspi_web.domain.sessions.models import SignIn
from kaspi_web.domain.sms.models import SmsCode, SmsMessage
from kaspi_web.domain.terminals.models import KioskVisit, LookUp, Terminal, TerminalNetwork, TopUp
from kaspi_web.domain.transfers.models import ReturnRequest, Transfer, TransferLimit
from kaspi_web.domain.wallet.models import Operation

__all__ = [
    "Account",
    "Attribute",
    "AttributeValue",
    "BasketLine",
    "BillPayment",
    "BillRefund",
    "Biller",
    "BonusRule",
    "Card",
    "CardCharge",
    "CardLink",
    "CardPayout",
    "CardRecipient",
    "CardRefund",
    "CatalogueWord",
    "Category",
    "Checkout",
    "Customer",
    "Difference",
    "DueBill",
    "DueRun",
    "Entry",
    "Favourite",
    "Hold",
    "Holiday",
    "Identity",
    "IdentityRequest",
    "IdentityTry",
    "KioskVisit",
    "Listed",
    "ListedTerms",
    "Loan",
    "LoanPayment",
    "LoanRule",
    "LoanTerm",
    "LookUp",
    "Merchant",
    "Offer",
    "Operation",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderReturn",
    "PaymentIntent",
    "PhoneProof",
    "PickupPoint",
    "Posting",
    "Product",
    "ProductFact",
    "ProductImage",
    "Purchase",
    "RedMember",
    "Repayment",
    "Reservation",
    "ReturnRequest",
    "Review",
    "Seal",
    "SignIn",
    "SignInTry",
    "SmsCode",
    "SmsMessage",
    "Stock",
    "Terminal",
    "TerminalNetwork",
    "TopUp",
    "Transfer",
    "TransferLimit",
]
