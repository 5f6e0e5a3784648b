import t from 'tap'
import { findUndocumented, undocumentedIn } from '../scripts/docstrings.js'

t.test('every export has a docstring', async (t) => {
  const undocumented = await findUndocumented(new URL('../../', import.meta.url).pathname)
  t.strictSame(
    undocumented.map(({ place, name }) => `${place} ${name}`),
    [],
    'say what it means: the units, the errors, the source; not its name again',
  )
})

t.test('what is exported without a docstring is found', async (t) => {
  const text = [
    '/** Documented. */ export const a = 1',
    'export const b = 1, c = 2',
    'export function d() {}',
    '// A comment, but none that editors show.',
    'export class e {}',
    'export interface f {}',
    'export type g = 1',
    'export enum h {}',
    'export default function () {}',
    '/** An overload. */ export function i(x: 1): void',
    'export function i(x: 2): void',
    "export { j } from './j.js'",
    'const k = 1',
  ].join('\n')
  t.strictSame(
    undocumentedIn('x.ts', text).map(({ place, name }) => `${place} ${name}`),
    ['x.ts:2 b', 'x.ts:2 c', 'x.ts:3 d', 'x.ts:5 e', 'x.ts:6 f', 'x.ts:7 g', 'x.ts:8 h', 'x.ts:9 default'],
  )
})
