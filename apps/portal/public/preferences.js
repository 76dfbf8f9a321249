// Runs before the first paint, so that a dark page never flashes light. The keys are those of packages/ui and src/shared.
// zod would otherwise try whether it may compile code, which the content security policy reports as a violation.
globalThis.__zod_globalConfig = { jitless: true };

(() => {
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const scheme = read('moorage-color-scheme');
  const dark = scheme === 'dark' || (scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.mantineColorScheme = dark ? 'dark' : 'light';
  const density = read('moorage-density');
  if (density === 'compact' || density === 'dense') root.dataset.density = density;
  const language = read('moorage-language');
  if (language) root.lang = language;
})();
