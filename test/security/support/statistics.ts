/** The middle one of an odd number of values, the upper of the two in the middle of an even number. */
export const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;

/**
 * How far two samples differ in rank (Wilcoxon, Mann and Whitney), in standard deviations of chance; says nothing of how large the difference is
 * in itself. Ties are as rare as clocks are fine, and not allowed for.
 */
export function rankSumZ(left: readonly number[], right: readonly number[]): number {
  if (left === right) return 0;
  const all = [
    ...left.map((value) => ({ value, isLeft: true })),
    ...right.map((value) => ({ value, isLeft: false })),
  ].toSorted((one, other) => one.value - other.value);
  const sum = all.reduce((total, { isLeft }, at) => total + (isLeft ? at + 1 : 0), 0);
  const expected = (left.length * (all.length + 1)) / 2;
  const deviation = Math.sqrt((left.length * right.length * (all.length + 1)) / 12);
  return deviation === 0 ? 0 : (sum - expected) / deviation;
}
