// A page of plain HTML in the colours that the app's pages were switched to.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "dark" || theme === "light") document.documentElement.classList.add(theme);
} catch {
  // Storage is blocked: the wish of the device decides.
}
