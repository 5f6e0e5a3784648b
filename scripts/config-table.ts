import { ConfigSchema } from '../src/config.js'

const START = '<!-- Generated from src/config.ts by `npm run generate`. -->'
const END = '<!-- Generated until here. -->'

/** @returns the README with a table of settings generated from `ConfigSchema` */
export function withConfigTable(readme: string): string {
  const [before, rest] = readme.split(START)
  const [, after] = rest?.split(END) ?? []
  if (before === undefined || after === undefined) throw new Error(`the README has no "${START}" … "${END}"`)
  return `${before}${START}\n\n${configTable()}\n\n${END}${after}`
}

function configTable(): string {
  const rows = Object.entries(ConfigSchema.properties).map(([name, { default: value, description }]) => {
    return `| \`${name}\` | ${value === undefined ? '–' : `\`${value}\``} | ${cell(description ?? '')} |`
  })
  return ['| Variable | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n')
}

/** A bar would end the table cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
