import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import { type Assets, assetUrl } from '../http/assets.ts';
import { escapeMarkup, Markup } from './markup.ts';
import { passwordRulesAttribute } from './password-rules.ts';
import { qrCode } from './qr-code.ts';
import { safeHref } from './safe-href.ts';
import { bareName, groupByFour } from './wording.ts';

const viewsDirectory = fileURLToPath(new URL('../../../views/', import.meta.url));

/** Every .eta file under views/, compiled under the name `@<path without .eta>`, with the functions that templates may call. */
export function compileTemplates(assets: Assets): Eta {
  const vocabulary = {
    asset: (name: string) => assetUrl(assets, name),
    href: safeHref,
    qrCode,
    bareName,
    groupByFour,
    passwordRulesAttribute,
    placePartial: (name: string, data: object) => new Markup(eta.render(`@partials/${name}`, data)),
  };
  const eta: Eta = new Eta({
    escapeFunction: escapeMarkup,
    rmWhitespace: true,
    autoTrim: false,
    functionHeader: `const { page, frame } = it; const { t, formatInstant, duration } = frame;
      const { ${Object.keys(vocabulary).join(', ')} } = this.vocabulary;
      const partial = (name, data = {}) => placePartial(name, { ...data, frame });`,
  });
  Object.assign(eta, { vocabulary });
  for (const [name, text] of readTemplates()) eta.loadTemplate(`@${name}`, text);
  return eta;
}

function readTemplates(): [name: string, text: string][] {
  const files = readdirSync(viewsDirectory, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.eta'))
    .map((file) => [
      file.slice(0, -'.eta'.length).replaceAll('\\', '/'),
      readFileSync(join(viewsDirectory, file), 'utf8'),
    ]);
}
