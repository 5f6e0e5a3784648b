import { parseArgs } from 'node:util'

/** The options of a benchmark. */
export interface Options<Name extends string, Text extends string> {
  readonly isSmall: boolean
  number(name: Name): number
  text(name: Text): string | undefined
}

/**
 * Reads a benchmark's options: `--rounds 5 --seconds 10`. With `--small` the defaults are so small that a run shows whether the
 * benchmark works, and measures nothing.
 *
 * @param texts names of the options with text values
 * @throws {TypeError} for an unknown option, or a value that is not a number
 */
export function parseOptions<Name extends string, Text extends string = never>(
  defaults: Readonly<Record<Name, number>>,
  small: Readonly<Partial<Record<Name, number>>>,
  texts: readonly Text[] = [],
): Options<Name, Text> {
  const { values } = parseArgs({
    options: {
      ...Object.fromEntries([...Object.keys(defaults), ...texts].map((name) => [name, { type: 'string' as const }])),
      small: { type: 'boolean' },
    },
  })
  const given = new Map<string, unknown>(Object.entries(values))
  const isSmall = values.small === true
  return {
    isSmall,
    number: (name) => {
      const value = Number(given.get(name) ?? (isSmall ? small[name] : undefined) ?? defaults[name])
      if (!(value > 0)) throw new TypeError(`--${name} takes a number above 0`)
      return value
    },
    text: (name) => {
      const value = given.get(name)
      return typeof value === 'string' ? value : undefined
    },
  }
}

/**
 * Reads the options of a benchmark that takes numbers only.
 *
 * @returns a function from an option's name to its value
 * @throws {TypeError} as `parseOptions` does
 */
export function readOptions<Name extends string>(
  defaults: Readonly<Record<Name, number>>,
  small: Readonly<Partial<Record<Name, number>>>,
): (name: Name) => number {
  return parseOptions(defaults, small).number
}
