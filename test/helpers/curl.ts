import { parseArgs } from 'node:util'

/**
 * The subset of curl that the README's commands use, for machines without it. Like curl it prints only the body; an unknown
 * option fails.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    'show-error': { type: 'boolean', short: 'S' },
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true },
    data: { type: 'string', short: 'd' },
  },
})
const [url] = positionals
if (url === undefined || positionals.length !== 1) throw new Error(`one URL, please: ${positionals.join(' ')}`)

const response = await fetch(url, {
  method: values.request ?? (values.data === undefined ? 'GET' : 'POST'),
  headers: (values.header ?? []).map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  }),
  ...(values.data === undefined ? {} : { body: values.data }),
})
process.stdout.write(await response.text())
