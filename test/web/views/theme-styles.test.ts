import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Colour, contrastRatio } from '../../../src/domain/accounts/branding/colours.ts';
import { dark, light, themeStyles } from '../../../src/web/views/theme-styles.ts';

const styleSheet = readFileSync(new URL('../../../views/assets/postern.css', import.meta.url), 'utf8');

/** The variables of each scheme that a style sheet sets. */
function schemesOf(css: string): { readonly light: Record<string, string>; readonly dark: Record<string, string> } {
  const blocks = [...css.matchAll(/:root\s*\{([^}]*)\}/g)].map(([, block = '']) => {
    const declarations = [...block.matchAll(/--([a-z-]+):\s*([^;]+)/g)];
    return Object.fromEntries(declarations.map(([, name = '', value = '']) => [name, value]));
  });
  return { light: blocks[0] ?? {}, dark: blocks[1] ?? {} };
}

const aColour = fc
  .tuple(...[1, 2, 3].map(() => fc.integer({ min: 0, max: 255 })))
  .map((channels): Colour => `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`);

describe('the grounds that themes are made for', () => {
  it.each([
    ['light', light],
    ['dark', dark],
  ] as const)('are those of the style sheet, in the %s scheme', (name, scheme) => {
    const variables = schemesOf(styleSheet)[name];
    const long = (colour = ''): string => colour.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');
    expect(scheme.surface).toBe(long(variables['surface']));
    expect(scheme.grounds).toEqual(['page', 'surface', 'raised'].map((variable) => long(variables[variable])));
  });
});

describe('a theme', () => {
  it('can be read in both schemes, whatever its colour', () => {
    fc.assert(
      fc.property(aColour, (colour) => {
        const schemes = schemesOf(themeStyles(colour));
        for (const [scheme, { grounds }] of [
          [schemes.light, light],
          [schemes.dark, dark],
        ] as const) {
          const of = (name: string) => (scheme[name] ?? '') as Colour;
          for (const ground of [...grounds, of('wash')])
            expect(contrastRatio(of('accent'), ground)).toBeGreaterThanOrEqual(4.5);
          for (const button of [of('accent'), of('accent-strong')])
            expect(contrastRatio(of('on-accent'), button)).toBeGreaterThanOrEqual(4.5);
          for (const ground of grounds) expect(contrastRatio(of('accent-strong'), ground)).toBeGreaterThanOrEqual(4.5);
        }
      }),
    );
  });

  it('has the very colour where that can be read', () => {
    expect(schemesOf(themeStyles('#7a1fa2')).light['accent']).toBe('#7a1fa2');
    expect(schemesOf(themeStyles('#ff80ab')).dark['accent']).toBe('#ff80ab');
  });

  it('is lightened for the dark scheme, as little as is needed', () => {
    const accent = schemesOf(themeStyles('#0b6150')).dark['accent'] as Colour;
    const ratio = Math.min(...dark.grounds.map((ground) => contrastRatio(accent, ground)));
    expect(accent).not.toBe('#0b6150');
    expect(ratio).toBeGreaterThanOrEqual(4.5);
    expect(ratio).toBeLessThan(5.5);
  });

  it('holds nothing but colours', () => {
    const css = themeStyles('#7a1fa2');
    expect(css).toMatch(
      /^:root\{(--[a-z-]+:#[0-9a-f]{6};?){4}\}@media \(prefers-color-scheme:dark\)\{:root\{(--[a-z-]+:#[0-9a-f]{6};?){4}\}\}\n$/,
    );
  });
});

describe('the style sheets', () => {
  const sheets = ['postern.css', 'api.css'].map((name) =>
    readFileSync(new URL(`../../../views/assets/${name}`, import.meta.url), 'utf8'),
  );
  const physical =
    /(?:^|[\s;{])(?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)\b|(?:left|right|top|bottom|float|clear|width|height|min-width|max-width|min-height|max-height)\s*:|border-(?:top|bottom)-(?:left|right)-radius|text-align:\s*(?:left|right))/m;

  it('know no left and right, so that pages can run either way', () => {
    expect(physical.test('.a {\n  margin-left: 1px;\n}')).toBe(true);
    expect(physical.test('.a { text-align: right }')).toBe(true);
    expect(physical.test('@media (max-width: 30rem) { .a { margin-inline-start: 1px } }')).toBe(false);
    expect(sheets.filter((sheet) => physical.test(sheet))).toEqual([]);
  });

  it('fetch nothing from elsewhere', () => {
    for (const sheet of sheets) expect(sheet).not.toMatch(/@import|url\(/);
  });
});
