/** The languages of all pages, by BCP 47 tag, as they call themselves; the first is the one everything is written in first. */
export const languages = {
  en: { name: 'English', direction: 'ltr' },
  'zh-CN': { name: '简体中文', direction: 'ltr' },
  'zh-TW': { name: '繁體中文', direction: 'ltr' },
  ja: { name: '日本語', direction: 'ltr' },
  ko: { name: '한국어', direction: 'ltr' },
  de: { name: 'Deutsch', direction: 'ltr' },
  fr: { name: 'Français', direction: 'ltr' },
  es: { name: 'Español', direction: 'ltr' },
  'pt-BR': { name: 'Português (Brasil)', direction: 'ltr' },
  ru: { name: 'Русский', direction: 'ltr' },
  ar: { name: 'العربية', direction: 'rtl' },
} as const satisfies Record<string, { readonly name: string; readonly direction: 'ltr' | 'rtl' }>;

export type Language = keyof typeof languages;

const tags = Object.keys(languages) as Language[];

/** Regions and scripts that write Chinese the traditional way. */
const traditionalChinese = /^zh-(?:hant|tw|hk|mo)\b/;

/** The language of ours that serves somebody who wants `tag`: the same, or another of the same family. */
function served(tag: string): Language | undefined {
  const wanted = tag.toLowerCase();
  if (traditionalChinese.test(wanted)) return 'zh-TW';
  const [family] = wanted.split('-');
  return tags.find((known) => known.toLowerCase() === wanted) ?? tags.find((known) => known.split('-')[0] === family);
}

/** The first of the wanted tags (BCP 47, most wanted first) that we can serve. */
export function matchLanguage(wanted: readonly string[]): Language | undefined {
  for (const tag of wanted) {
    const language = served(tag);
    if (language !== undefined) return language;
  }
  return undefined;
}
