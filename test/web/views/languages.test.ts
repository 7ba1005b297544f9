import { describe, expect, it } from 'vitest';
import { languages, matchLanguage } from '../../../src/web/views/languages.ts';

describe('matchLanguage', () => {
  it.each([
    [['de'], 'de'],
    [['de-AT'], 'de'],
    [['DE-at'], 'de'],
    [['pt'], 'pt-BR'],
    [['pt-PT'], 'pt-BR'],
    [['pt-br'], 'pt-BR'],
    [['en-US'], 'en'],
    [['ar-EG'], 'ar'],
    [['zh'], 'zh-CN'],
    [['zh-SG'], 'zh-CN'],
    [['zh-Hans'], 'zh-CN'],
    [['zh-Hans-HK'], 'zh-CN'],
    [['zh-Hant'], 'zh-TW'],
    [['zh-Hant-CN'], 'zh-TW'],
    [['zh-HK'], 'zh-TW'],
    [['zh-MO'], 'zh-TW'],
    [['ZH-TW'], 'zh-TW'],
    [['sv', 'nb', 'ja', 'de'], 'ja'],
    [['sv', 'de-CH', 'en'], 'de'],
  ] as const)('serves %j with %s', (wanted, language) => {
    expect(matchLanguage(wanted)).toBe(language);
  });

  it.each([[[]], [['']], [['*']], [['sv']], [['deu']], [['d']], [['-']], [['constructor', '__proto__']], [['zhong']]])(
    'serves %j with none of ours',
    (wanted) => {
      expect(matchLanguage(wanted)).toBeUndefined();
    },
  );
});

describe('languages', () => {
  it('are BCP 47 tags as written there, with the names that they give themselves', () => {
    for (const [tag, { name }] of Object.entries(languages)) {
      expect(Intl.getCanonicalLocales(tag)).toEqual([tag]);
      expect(Intl.DateTimeFormat.supportedLocalesOf(tag), tag).toEqual([tag]);
      expect(name, tag).not.toBe('');
    }
    expect(new Set(Object.values(languages).map(({ name }) => name)).size).toBe(Object.keys(languages).length);
  });

  it('run as their scripts do', () => {
    const fromTheRight = Object.entries(languages).filter(([, { direction }]) => direction === 'rtl');
    expect(fromTheRight.map(([tag]) => tag)).toEqual(['ar']);
  });
});
