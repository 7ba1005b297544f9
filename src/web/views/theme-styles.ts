import { type Colour, contrastRatio, mixColours, readableContrast } from '../../domain/accounts/branding/colours.ts';

interface Scheme {
  /** What text stands on, as `postern.css` has it. */
  readonly surface: Colour;
  readonly grounds: readonly Colour[];
  /** Towards this a colour gets easier to read. */
  readonly towards: Colour;
}

const [white, black] = ['#ffffff', '#000000'] as const;

export const light: Scheme = { surface: white, grounds: ['#f5f4f0', white, '#f7f7f4'], towards: black };
export const dark: Scheme = { surface: '#161b1a', grounds: ['#0e1211', '#161b1a', '#1d2321'], towards: white };

/** How much of the colour is in the ground of what belongs to it. */
const washShare = 0.1;
/** How much stronger the colour is under the pointer. */
const strongShare = 0.2;

const washOf = (accent: Colour, { surface }: Scheme): Colour => mixColours(surface, accent, washShare);

const isReadable = (accent: Colour, scheme: Scheme): boolean =>
  [...scheme.grounds, washOf(accent, scheme)].every((ground) => contrastRatio(accent, ground) >= readableContrast);

/** The colour as it is where it can be read, else the nearest that can. */
function accentOf(colour: Colour, scheme: Scheme): Colour {
  let accent = colour;
  for (let share = 0.02; share < 1 && !isReadable(accent, scheme); share += 0.02) {
    accent = mixColours(colour, scheme.towards, share);
  }
  return accent;
}

/** Black or white, whichever can be read better. */
const textOn = (ground: Colour): Colour =>
  contrastRatio(white, ground) >= contrastRatio(black, ground) ? white : black;

function variables(colour: Colour, scheme: Scheme): string {
  const accent = accentOf(colour, scheme);
  const values = {
    accent,
    'accent-strong': mixColours(accent, scheme.towards, strongShare),
    'on-accent': textOn(accent),
    wash: washOf(accent, scheme),
  };
  const declarations = Object.entries(values).map(([name, value]) => `--${name}:${value}`);
  return `:root{${declarations.join(';')}}`;
}

/** A style sheet that gives the pages another colour, made of that colour alone: no text of anybody's is in it. */
export const themeStyles = (colour: Colour): string =>
  `${variables(colour, light)}@media (prefers-color-scheme:dark){${variables(colour, dark)}}\n`;
