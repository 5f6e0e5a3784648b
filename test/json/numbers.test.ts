import t from 'tap'
import { inexactAsText, inexactNumbers } from '../../src/json/numbers.js'

const MIB = 1024 * 1024

/** The numbers that are found, with their paths. */
const found = (json: string) => {
  JSON.parse(json)
  return Array.from(inexactNumbers(json), ({ text, path }) => [text, path().join('.')])
}

t.test('numbers that would change are found, and no others', async (t) => {
  for (const number of [
    ...['9007199254740993', '-9007199254740993', '12345678901234567890', '1e400', '-1E400', '1e-400', '2e-324'],
    ...['1152921504606846976', '175928847299117056', '9223372036854775808', '18446744073709551616'],
    ...['0.1234567890123456789', '123456789.123456789', '0.123456789012345678', '1.7976931348623157e309'],
    ...['9007199254740993.0', '900719925474099.30e1', `1${'0'.repeat(400)}`, `0.${'0'.repeat(400)}1`],
  ]) {
    t.strictSame(found(`{"a":${number}}`), [[number, 'a']], number)
  }
  for (const number of [
    ...['0', '-0', '0.0', '0e9', '-0.0000000000000000000', '0e999', '1', '1.50', '1e3', '1E+3', '1e-3', '0.001e3'],
    ...['9007199254740992', '9007199254740994', '100000000000000000000', '1e21', '123e18', '1.7976931348623157e308'],
    ...[
      '5e-324',
      '0.30000000000000004',
      '1700000000.123456',
      '123456789012345',
      '1234567890.12345',
      '1.0000000000000000',
    ],
    ...['0.10000000000000001', '0.29999999999999999', '1e23'],
    ...['0.1000000000000000055511151231257827021181583404541015625'],
    ...['0.1000000000000000', '1e+00000000000000000001', `${'1'}${'0'.repeat(22)}`, '1764278986123'],
  ]) {
    t.strictSame(found(`{"a":${number}}`), [], number)
    t.equal(JSON.stringify(JSON.parse(`[${number}]`)), JSON.stringify([Number(number)]))
  }
})

t.test('they are named by their path, and text is none of them', async (t) => {
  const n = '9007199254740993'
  for (const [json, paths] of [
    [n, ['']],
    [`[1, ${n}]`, ['1']],
    [`{"a":[{"b":1,"c":[[],[${n},1,${n}]]}], "d" : ${n}}`, ['a.0.c.1.0', 'a.0.c.1.2', 'd']],
    [`{"a":"${n}","b":": ${n}","c":{"${n}":1}}`, []],
    [String.raw`{"a\"":{"\\":"\\\": ${n}","\u0062":${n}}}`, ['a".b']],
    [`{"__proto__":${n},"a":{"constructor":-1e400}}`, ['__proto__', 'a.constructor']],
    [`{"a":true,"b":null,"c":false,"d":[${n}\n]\t,\r\n"e":${n} }`, ['d.0', 'e']],
    [`${'['.repeat(65)}${n}${']'.repeat(65)}`, []],
  ] as const) {
    t.strictSame(
      found(json).map(([, path]) => path),
      paths,
      json,
    )
  }
})

t.test('they may be made text', async (t) => {
  const json = '{"a":[9007199254740993,1],"b":1e400,"c":" 1e400"}'
  t.equal(inexactAsText(json), '{"a":["9007199254740993",1],"b":"1e400","c":" 1e400"}')
  t.equal(
    inexactAsText(
      json,
      [...inexactNumbers(json)].filter(({ text }) => text === '1e400'),
    ),
    '{"a":[9007199254740993,1],"b":"1e400","c":" 1e400"}',
  )
  t.equal(inexactAsText('{"a":1e3}'), '{"a":1e3}')
})

t.test('numbers are not looked at where they are ignored, and are named only to who asks', async (t) => {
  const n = 50_000
  const deep = (number: string) => `${'{"y":['.repeat(30)}${`${number},`.repeat(n)}0${']}'.repeat(30)}`
  const json = `{"x":${deep('1e400')},"z":1e400,"x":[${'9007199254740993,'.repeat(n)}0]}`
  const parsed = t.capture(JSON, 'parse', JSON.parse)
  const asked: string[] = []
  const numbers = inexactNumbers(json, (field) => asked.push(field) > 0 && field === 'x')
  const paths: string[] = []
  for (const { path } of numbers) if (paths.push(path().join('.')) === 9) break
  t.strictSame(paths, ['z'])
  t.strictSame(asked.slice(0, 9), ['x', 'z', 'x'], 'once for each field')
  t.equal(parsed().length, 3, 'only their names were read')
  let count = 0
  for (const _ of inexactNumbers(deep('1e400'))) count += 1
  t.equal(count, n)
  t.equal(parsed().length, 1, 'no path was made')
  const rounded = t.capture(Number.prototype, 'toPrecision', Number.prototype.toPrecision)
  for (const number of ['1e3', '-1.5E-9', '1764278986123.123', '0.30000000000000004', '1e400', '0e5', '-0.0E-9']) {
    for (const _ of inexactNumbers(deep(number))) count += 1
  }
  t.equal(rounded().length, 0, 'what is short, or written as JavaScript does, is not written again to be compared')
})

t.test('the time that it takes grows with the length of the text, not with its square', async (t) => {
  // That would be minutes for each of them.
  const n = '9007199254740993'
  const times = (part: string, bytes = MIB) => part.repeat(bytes / part.length)
  for (const json of [
    `[1${times('0')}]`,
    `[0.${times('0')}1]`,
    `[1.${times('0')}, 1e400]`,
    `[1${times('0')}1${times('0')}]`,
    `[1e${times('9')}]`,
    `[0.${times('0')}1e${times('1')}]`,
    `["${times(String.raw`\\`)}", ${n}]`,
    `["${times(String.raw`\"`)}", ${n}]`,
    `{"${times('x')}":[${times(`${n},`)}0]}`,
    `[${times(' ')}${n}]`,
    `[${times(`${n}, `)}0]`,
    `["${times('- 1.1.')}", ${n}]`,
    `${times('[')}${n},${n}${times(']')}`,
  ]) {
    let count = 0
    for (const _ of inexactNumbers(json)) count += 1
    t.ok(count >= 0, `${json.slice(0, 20)}: ${count}`)
  }
})
