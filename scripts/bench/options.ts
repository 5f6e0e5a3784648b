import { parseArgs } from 'node:util'

/**
 * Reads a benchmark's options, all of them numbers: `--rounds 5 --seconds 10`. With `--small` those that are not given
 * are so small that a run shows whether the benchmark works, and measures nothing.
 *
 * @returns what gives an option's value
 * @throws {TypeError} for an option that there is not, or one that is no number
 */
export function readOptions<Name extends string>(
  defaults: Readonly<Record<Name, number>>,
  small: Readonly<Partial<Record<Name, number>>>,
): (name: Name) => number {
  const { values } = parseArgs({
    options: {
      ...Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' as const }])),
      small: { type: 'boolean' },
    },
  })
  const isSmall = values.small === true
  return (name) => {
    const given = new Map<string, unknown>(Object.entries(values)).get(name)
    const value = given === undefined ? ((isSmall ? small[name] : undefined) ?? defaults[name]) : Number(given)
    if (!(value > 0)) throw new TypeError(`--${name} takes a number above 0`)
    return value
  }
}
