import t from 'tap'
import { measureJson } from '../../src/json/measure.js'
import { inexactNumbers } from '../../src/json/numbers.js'

const plenty = { values: 1_000, fields: 1_000, depth: 1_000 }

t.test('bytes are those of everything but the large field', async (t) => {
  const cases: [json: string, large: string, why: string][] = [
    ['{"git_diff":"abc","content":"abcdef"}', '"abc"', 'the text with its quotes'],
    ['{ "a" : 1 , "git_diff" : "abc" }', '"abc"', 'whatever the spaces'],
    [String.raw`{"git_diff":"a\"b\\","content":"x"}`, String.raw`"a\"b\\"`, 'with escapes in it'],
    ['{"git_diff":"a","git_diff":"bcd"}', '"bcd"', 'the last of two, as the parser has it'],
    ['{"content":"git_diff","a":"git_diff"}', '', 'not a text that is called so'],
    ['{"a":{"git_diff":"abc"}}', '', 'not one inside of another field'],
    ['["git_diff","abc"]', '', 'not in a list'],
    ['{"git_diff":["abc"]}', '', 'not a list of texts'],
    ['{"git_diff":null,"a":"abc"}', '', 'not the text after it'],
    ['{"git_diffs":"abc","git_dif":"abc"}', '', 'not a field with another name'],
    [String.raw`{"git_di\u0066f":"abc"}`, '', 'not a name with escapes'],
  ]
  for (const [json, large, why] of cases) {
    t.equal(measureJson(Buffer.from(json), plenty, 'git_diff').bytes, json.length - large.length, why)
  }
  t.equal(measureJson(Buffer.from('{"git_diff":"abc"}'), plenty).bytes, 18, 'where there is none, all of them')
})

t.test('values and fields are counted at every depth, and not in texts', async (t) => {
  const measure = (json: string, limits: Partial<typeof plenty>) =>
    measureJson(Buffer.from(json), { ...plenty, ...limits })
  for (const [json, values, fields, depth] of [
    ['[1,2,3]', 3, 0, 1],
    ['[[1,2],[3]]', 5, 0, 2],
    ['{"a":1,"b":[1,2]}', 4, 2, 2],
    ['[{"a":1},{"a":2}]', 4, 2, 2],
    ['[[],[[{}]],[]]', 8, 0, 4],
    [String.raw`["a,b:{[","\"c,d\",\\",1]`, 3, 0, 1],
  ] as const) {
    t.match(measure(json, { values, fields, depth }), { values, fields, exceeds: undefined }, json)
    t.equal(measure(json, { values: values - 1 }).exceeds, 'values', `${json} has ${values} values`)
    t.equal(measure(json, { depth: depth - 1 }).exceeds, 'depth', `${json} is ${depth} deep`)
    if (fields > 0) t.equal(measure(json, { fields: fields - 1 }).exceeds, 'fields', `${json} has ${fields} fields`)
  }
})

t.test('text that is no JSON ends', async (t) => {
  for (const text of ['"', '"\\', '{"git_diff":"', '[[[[', ']]]]', '', '\\', '{"git_diff":"a\\']) {
    t.doesNotThrow(() => measureJson(Buffer.from(text), plenty, 'git_diff'), text)
  }
})

t.test('a text ends where it ends, however long it is and whatever it is escaped with', async (t) => {
  for (const escaped of ['', '\\', '"', '\\\\', '\\"', '""', 'é"']) {
    for (let length = 55; length < 75; length++) {
      const text = `${'x'.repeat(length)}${escaped}${'y'.repeat(200)}${escaped}`
      const json = `{"git_diff":${JSON.stringify(text)},"b":${JSON.stringify(text)},"number":9007199254740993}`
      const large = Buffer.byteLength(JSON.stringify(text))
      const { bytes, fields, values } = measureJson(Buffer.from(json), plenty, 'git_diff')
      t.strictSame([bytes, fields, values], [Buffer.byteLength(json) - large, 3, 3], `${length} ${escaped}`)
      t.equal([...inexactNumbers(json)].length, 1, `${length} ${escaped}`)
    }
  }
})
