import type { Language } from './languages.ts';
import type { Translate } from './translate.ts';

/** How one language writes what pages show. */
export interface Writing {
  readonly t: Translate;
  /** `22 Nov 2026, 06:19 UTC`. */
  readonly formatInstant: (instant: Date) => string;
  /** `45` -> `45 seconds`, `90` -> `2 minutes`: never less than what is left. */
  readonly duration: (seconds: number) => string;
}

export function createWriting(language: Language, t: Translate): Writing {
  const instants = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  const inUnits = (unit: string) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 });
  const units = { second: inUnits('second'), minute: inUnits('minute'), hour: inUnits('hour'), day: inUnits('day') };
  return {
    t,
    formatInstant: (instant) => `${instants.format(instant)} UTC`,
    duration: (seconds) => {
      const whole = Math.max(1, Math.ceil(seconds));
      if (whole < 60) return units.second.format(whole);
      if (whole < 3600) return units.minute.format(Math.ceil(whole / 60));
      if (whole <= 172_800) return units.hour.format(Math.ceil(whole / 3600));
      return units.day.format(Math.ceil(whole / 86_400));
    },
  };
}
