const number = new Intl.NumberFormat('en');

const duration = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;

/**
 * How far work has come: `1,200 of 5,000 users, 85 a second, 45 s left`. `before` were done by an earlier run, so they say nothing about
 * the pace of this one.
 */
export function paceOf(
  { done, before, total }: { done: number; before: number; total: number },
  elapsedMs: number,
): string {
  const rate = elapsedMs > 0 ? ((done - before) / elapsedMs) * 1000 : 0;
  const pace = rate > 0 ? `, ${number.format(Math.max(1, Math.round(rate)))} a second` : '';
  const left = rate > 0 && done < total ? `, ${duration((total - done) / rate)} left` : '';
  return `${number.format(done)} of ${number.format(total)} users${pace}${left}`;
}
