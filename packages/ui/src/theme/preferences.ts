/** Where the look is kept in the browser. `public/preferences.js` of the portal reads the same keys before the first paint. */
export const COLOR_SCHEME_KEY = 'moorage-color-scheme';
const DENSITY_KEY = 'moorage-density';

export const DENSITIES = ['comfortable', 'compact', 'dense'] as const;
export type Density = (typeof DENSITIES)[number];

export const COLOR_SCHEMES = ['auto', 'light', 'dark'] as const;
export type ColorScheme = (typeof COLOR_SCHEMES)[number];

export function readDensity(): Density {
  const value = document.documentElement.dataset.density;
  return DENSITIES.find((density) => density === value) ?? 'comfortable';
}

/** Sets the density of the page and keeps it for the next visit. */
export function writeDensity(density: Density): void {
  document.documentElement.dataset.density = density;
  try {
    localStorage.setItem(DENSITY_KEY, density);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
