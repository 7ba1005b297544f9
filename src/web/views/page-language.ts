import type { Context } from 'koa';
import { type Language, matchLanguage } from './languages.ts';

/** What an app asked for (`ui_locales`, OpenID Connect Core section 3.1.2.1: tags in order, separated by spaces), and when. */
export interface LanguageWish {
  readonly uiLocales: string;
  /** Seconds since 1970. */
  readonly askedAt: number;
}

const cookieName = (https: boolean): string => `${https ? '__Secure-' : ''}postern.language`;
const yearMilliseconds = 365 * 86_400_000;
const longestWish = 256;

interface SavedChoice {
  readonly language: Language;
  /** Seconds since 1970. */
  readonly chosenAt: number;
}

/**
 * The language of an answer. What the app asked for comes before what the user once chose, and that before what the browser prefers; but what
 * the user chooses on the very page (`?lang=`), or has chosen since the app asked, comes before all. A choice on the page is saved.
 */
export function pageLanguage(ctx: Context, https: boolean, wish?: LanguageWish): Language {
  const saved = chosenHere(ctx, https) ?? savedChoice(ctx, https);
  const asked = wish === undefined ? undefined : matchLanguage(wish.uiLocales.slice(0, longestWish).split(' '));
  if (saved !== undefined && (asked === undefined || saved.chosenAt >= (wish?.askedAt ?? 0))) return saved.language;
  return asked ?? matchLanguage(ctx.acceptsLanguages()) ?? 'en';
}

function chosenHere(ctx: Context, https: boolean): SavedChoice | undefined {
  const { lang } = ctx.query;
  const language = typeof lang === 'string' ? matchLanguage([lang]) : undefined;
  if (language === undefined) return undefined;
  const chosenAt = Math.floor(Date.now() / 1000);
  ctx.cookies.set(cookieName(https), `${language}.${chosenAt}`, {
    httpOnly: true,
    sameSite: 'lax',
    secure: https,
    maxAge: yearMilliseconds,
    overwrite: true,
    signed: false,
  });
  return { language, chosenAt };
}

function savedChoice(ctx: Context, https: boolean): SavedChoice | undefined {
  const [tag = '', chosenAt] = (ctx.cookies.get(cookieName(https), { signed: false }) ?? '').split('.');
  const language = tag === '' ? undefined : matchLanguage([tag]);
  return language === undefined ? undefined : { language, chosenAt: Number(chosenAt) || 0 };
}
