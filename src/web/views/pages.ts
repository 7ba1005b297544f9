import { type Assets, loadAssets } from '../http/assets.ts';
import { type Language, languages } from './languages.ts';
import type { Catalog } from './messages/catalog.ts';
import { loadCatalog } from './messages/catalogs.ts';
import type { PageBrand } from './page-brand.ts';
import type { ApiPage } from './pages/api-pages.ts';
import type { LogonPage } from './pages/logon-pages.ts';
import type { MessagePage } from './pages/message-pages.ts';
import type { PortalPage } from './pages/portal-pages.ts';
import { compileTemplates } from './templates.ts';
import { createTranslate } from './translate.ts';
import { createWriting, type Writing } from './writing.ts';

/** Every page of the product. `name` is also the place of its template under views/. */
export type Page = LogonPage | PortalPage | MessagePage | ApiPage;

/** What belongs to one answer rather than to the page. */
export interface PageFrame {
  /** The one in the answer's Content-Security-Policy. */
  readonly nonce: string;
  readonly language: Language;
  /** Path and query of the page, for links that show it in another language; undefined where it cannot be asked for again. */
  readonly here?: string | undefined;
  /** Undefined where the page belongs to no account. */
  readonly brand?: PageBrand | undefined;
}

export interface PageRenderer {
  /** A whole HTML document. Every string of the page is escaped; a link that could run script leads nowhere. */
  render(page: Page, frame: PageFrame): string;
}

/** Compiles all templates, once; throws at start if one of them does not parse. */
export function createPageRenderer(
  assets: Assets = loadAssets(),
  wordsOf: (language: Language) => Catalog = loadCatalog,
): PageRenderer {
  const templates = compileTemplates(assets);
  const writings = new Map<Language, Writing>();
  const writingIn = (language: Language): Writing => {
    const writing = writings.get(language) ?? createWriting(language, createTranslate(language, wordsOf(language)));
    writings.set(language, writing);
    return writing;
  };
  return {
    render: (page, { language, here, nonce, brand }) => {
      const { direction } = languages[language];
      const frame = {
        nonce,
        brand,
        lang: language,
        dir: direction,
        languageLinks: languageLinks(here),
        ...writingIn(language),
      };
      return templates.render(`@${page.name}`, { page, frame });
    },
  };
}

interface LanguageLink {
  readonly tag: string;
  readonly name: string;
  readonly direction: string;
  readonly href: string;
}

/** An address is in the page once for each language, and only requests of apps are longer. */
const longestHere = 2048;

/** The page in each language. */
function languageLinks(here: string | undefined): LanguageLink[] {
  if (here === undefined || here.length > longestHere) return [];
  const [path = '', query] = here.split('?');
  const parameters = new URLSearchParams(query);
  parameters.delete('lang');
  const others = parameters.size === 0 ? '' : `${parameters.toString()}&`;
  return Object.entries(languages).map(([tag, { name, direction }]) => ({
    ...{ tag, name, direction },
    href: `${path}?${others}lang=${tag}`,
  }));
}
