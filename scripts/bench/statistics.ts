/** @returns the quantile of the values (nearest rank); NaN for none */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** For tables. */
export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits))
}
