import { describe, expect, it } from 'vitest';
import { createTranslate } from '../../../src/web/views/translate.ts';
import { english as words } from '../../../src/web/views/messages/catalog.ts';
import { createWriting } from '../../../src/web/views/writing.ts';

const english = createWriting('en', createTranslate('en', words));

describe('duration', () => {
  it.each([
    [0, '1 second'],
    [1, '1 second'],
    [44.2, '45 seconds'],
    [60, '1 minute'],
    [61, '2 minutes'],
    [3600, '1 hour'],
    [3601, '2 hours'],
    [604_800, '7 days'],
  ])('never promises less than %d seconds', (seconds, words) => {
    expect(english.duration(seconds)).toBe(words);
  });

  it('speaks the language of the page', () => {
    expect(createWriting('ja', english.t).duration(90)).toBe('2 分');
  });
});

describe('formatInstant', () => {
  const instant = new Date('2026-11-22T06:19:59Z');

  it('names the zone, whatever zone the server runs in', () => {
    expect(english.formatInstant(instant)).toBe('22 Nov 2026, 06:19 UTC');
  });

  it('writes as the language does', () => {
    expect(createWriting('de', english.t).formatInstant(instant)).toBe('22.11.2026, 06:19 UTC');
  });
});
