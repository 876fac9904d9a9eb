// Chooses light or dark before anything is painted, which is why this is no module: those run late.

const THEME = 'imagesearch-emulator-theme';
const THEMES = ['auto', 'light', 'dark'];

/** Reads what was chosen; a browser that keeps nothing follows the system. */
function chosenTheme() {
  try {
    const chosen = localStorage.getItem(THEME);
    return THEMES.includes(chosen) ? chosen : 'auto';
  } catch {
    return 'auto';
  }
}

/** Shows a theme, and what pressing the button does. */
function showTheme(theme) {
  document.documentElement.dataset.theme = theme;
  const button = document.getElementById('theme');
  if (button) {
    button.textContent = `Theme: ${theme}`;
  }
}

showTheme(chosenTheme());

document.addEventListener('DOMContentLoaded', () => {
  let theme = chosenTheme();
  showTheme(theme);
  document.getElementById('theme').addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    showTheme(theme);
    try {
      localStorage.setItem(THEME, theme);
    } catch {
      // It lasts until the page is left, then.
    }
  });
});
