"""Settlement: paying billers what was collected for them, and being paid by terminal networks."""
