import t from 'tap'
import { OutgoingCaller } from '../../src/outgoing/caller.js'
import { OutgoingError } from '../../src/outgoing/outgoing-error.js'
import { nameServer } from '../helpers/dns.js'

/** Whose calls they are, and what for. */
const ours = { userId: '0199b1a0-4f2e-7a11-8d3c-1b2a3c4d5e6f', purpose: 'launch' } as const

/** What a hostile URL is refused for: the kind, and a word of the message. */
type Refusal = readonly [kind: string, why: string]

const loopback: Refusal = ['address_refused', 'loopback']
const privateNetwork: Refusal = ['address_refused', 'private network']
const linkLocal: Refusal = ['address_refused', 'link-local']
const metadata: Refusal = ['address_refused', 'cloud metadata']
const mapped: Refusal = ['address_refused', 'IPv4-mapped']
const scheme: Refusal = ['url_refused', 'must start with']
const noUrl: Refusal = ['url_refused', 'is not a URL']
const userinfo: Refusal = ['url_refused', 'user name']
const strange: Refusal = ['url_refused', 'white space, a backslash']

const hostile: Record<string, Refusal> = {
  // As they are
  'http://127.0.0.1/': loopback,
  'http://127.255.255.254:8080/x': loopback,
  'https://10.0.0.1/': privateNetwork,
  'http://172.16.0.1/': privateNetwork,
  'http://172.31.255.255/': privateNetwork,
  'http://192.168.1.1/': privateNetwork,
  'http://169.254.1.1/': linkLocal,
  'http://169.254.169.254/latest/meta-data/': metadata,
  'http://100.100.100.200/latest/meta-data/': metadata,
  'http://168.63.129.16/': metadata,
  'http://100.64.0.1/': ['address_refused', 'shared'],
  'http://100.127.255.255/': ['address_refused', 'shared'],
  'http://198.18.0.1/': ['address_refused', 'benchmarking'],
  'http://198.19.255.255/': ['address_refused', 'benchmarking'],
  'http://0.0.0.0/': ['address_refused', 'this network'],
  'http://0.1.2.3/': ['address_refused', 'this network'],
  'http://224.0.0.1/': ['address_refused', 'multicast'],
  'http://239.255.255.255/': ['address_refused', 'multicast'],
  'http://240.0.0.1/': ['address_refused', 'reserved'],
  'http://255.255.255.255/': ['address_refused', 'broadcast'],
  'http://192.0.2.1/': ['address_refused', 'documentation'],
  'http://198.51.100.7/': ['address_refused', 'documentation'],
  'http://203.0.113.9/': ['address_refused', 'documentation'],
  'http://192.0.0.170/': ['address_refused', 'protocol assignments'],
  'http://192.88.99.1/': ['address_refused', '6to4'],
  // Written otherwise
  'http://2130706433/': loopback,
  'http://017700000001/': loopback,
  'http://0x7f000001/': loopback,
  'http://0x7F.0x0.0x0.0x1/': loopback,
  'http://0177.0.0.01/': loopback,
  'http://127.1/': loopback,
  'http://127.0.1/': loopback,
  'http://0x7f.1/': loopback,
  'http://127.0.0.1./': loopback,
  'http://0/': ['address_refused', 'this network'],
  'http://3232235777/': privateNetwork,
  'http://0xc0a80101/': privateNetwork,
  'http://0xA9FEA9FE/': metadata,
  'http://2852039166/': metadata,
  'http://0251.0376.0251.0376/': metadata,
  'http://%31%32%37.0.0.1/': loopback,
  'http://１２７.０.０.１/': loopback,
  'http://127。0。0。1/': loopback,
  'http://①②⑦.0.0.1/': loopback,
  'http://127.0.0.1:80/': loopback,
  'http://127.0.0.1:65535/': loopback,
  'http://256.256.256.256/': noUrl,
  'http://4294967296/': noUrl,
  'http://127.0.0.1:65536/': noUrl,
  // IPv6
  'http://[::1]/': loopback,
  'http://[0:0:0:0:0:0:0:1]/': loopback,
  'http://[::]/': ['address_refused', 'unspecified'],
  'http://[::ffff:127.0.0.1]/': mapped,
  'http://[::ffff:7f00:1]/': mapped,
  'http://[::ffff:a9fe:a9fe]/': mapped,
  'http://[0:0:0:0:0:FFFF:8.8.8.8]/': mapped,
  'http://[::ffff:0:127.0.0.1]/': ['address_refused', 'IPv4-translated'],
  'http://[::127.0.0.1]/': ['address_refused', 'IPv4-compatible'],
  'http://[64:ff9b::7f00:1]/': ['address_refused', 'NAT64'],
  'http://[64:ff9b::8.8.8.8]/': ['address_refused', 'NAT64'],
  'http://[64:ff9b:1::a00:1]/': ['address_refused', 'NAT64'],
  'http://[2002:7f00:1::]/': ['address_refused', '6to4'],
  'http://[2001:0:7f00:1::]/': ['address_refused', 'Teredo'],
  'http://[2001:db8::1]/': ['address_refused', 'documentation'],
  'http://[3fff::1]/': ['address_refused', 'documentation'],
  'http://[2001:2::1]/': ['address_refused', 'benchmarking'],
  'http://[2001:10::1]/': ['address_refused', 'protocol assignments'],
  'http://[fd00:ec2::254]/': metadata,
  'http://[fd20:ce::254]/': metadata,
  'http://[fc00::1]/': ['address_refused', 'unique local'],
  'http://[fd12:3456::1]/': ['address_refused', 'unique local'],
  'http://[fe80::1]/': linkLocal,
  'http://[fec0::1]/': ['address_refused', 'site-local'],
  'http://[ff02::1]/': ['address_refused', 'multicast'],
  'http://[100::1]/': ['address_refused', 'discard'],
  'http://[4000::1]/': ['address_refused', 'reserved'],
  'http://[5f00::1]/': ['address_refused', 'reserved'],
  'http://[fe80::1%25eth0]/': noUrl,
  'http://[::1/': noUrl,
  // Names
  'http://localhost/': loopback,
  'http://localhost./': loopback,
  'http://LOCALHOST:8000/': loopback,
  'http://api.localhost/': loopback,
  'http://ｌｏｃａｌｈｏｓｔ/': loopback,
  'http://loopback.example.com/': loopback,
  'http://loopback.example.com./': loopback,
  'http://internal.example.com/': privateNetwork,
  'http://metadata.example.com/': metadata,
  'http://mapped.example.com/': mapped,
  'http://six.example.com/': ['address_refused', 'unique local'],
  'http://every-one.example.com/': privateNetwork,
  'http://nobody.example.com/': ['dns', 'no address'],
  // Other schemes and forms
  'file:///etc/passwd': scheme,
  'ftp://example.com/': scheme,
  'gopher://127.0.0.1:6379/_FLUSHALL': scheme,
  'unix:/var/run/docker.sock': scheme,
  'data:text/plain,hello': scheme,
  'javascript:alert(1)': scheme,
  'ws://example.com/': scheme,
  'http:example.com': ['url_refused', 'two slashes'],
  'http:/127.0.0.1/': ['url_refused', 'two slashes'],
  'http:///127.0.0.1/': ['url_refused', 'two slashes'],
  '//example.com/': noUrl,
  'example.com': noUrl,
  '': noUrl,
  'http://': noUrl,
  'https://user:pass@example.com/': userinfo,
  'https://example.com@127.0.0.1/': userinfo,
  'https://@example.com/': userinfo,
  'https://:@example.com/': userinfo,
  'http://127.0.0.1:80@example.com/': userinfo,
  'http://example.com\\@127.0.0.1/': strange,
  'http:\\\\127.0.0.1/': strange,
  'http://exa\nmple.com/': strange,
  ' http://example.com/': strange,
  'http://example.com/a b': strange,
  'http://127.0.0.1\t/': strange,
  'http://exam\0ple.com/': strange,
  'http://example.com/\u0085': strange,
  [`http://example.com/${'a'.repeat(2048)}`]: ['url_refused', 'longer'],
}

const names: Record<string, string[]> = {
  'loopback.example.com': ['127.0.0.1'],
  'internal.example.com': ['10.1.2.3'],
  'metadata.example.com': ['169.254.169.254'],
  'mapped.example.com': ['::ffff:7f00:1'],
  'six.example.com': ['fd00::1'],
  'every-one.example.com': ['192.168.0.1', '127.0.0.1', '::1'],
}

t.test('each hostile URL is refused, with a reason', async (t) => {
  const { resolve } = await nameServer(t, (name) => names[name.replace(/\.$/, '')] ?? [])
  const caller = new OutgoingCaller({ userAgent: 'test', resolve })
  t.teardown(() => caller.close())
  t.ok(Object.keys(hostile).length >= 60)
  for (const [url, [kind, why]] of Object.entries(hostile)) {
    await t.test(`${JSON.stringify(url).slice(0, 60)}: ${why}`, async (t) => {
      const error = await caller.call({ ...ours, method: 'POST', url, body: '{}' }).then(
        () => undefined,
        (error: unknown) => error,
      )
      if (!(error instanceof OutgoingError)) return t.fail('it was called, or failed otherwise', { error })
      t.equal(error.kind, kind)
      t.match(error.message, why)
      t.equal(error.cause, undefined)
    })
  }
})

t.test('a URL is judged before it is stored as far as that is possible', async (t) => {
  const caller = new OutgoingCaller({ userAgent: 'test', resolve: async () => [] })
  t.throws(() => caller.checkUrl('http://127.0.0.1/'), /may not be called \(loopback\)/)
  t.throws(() => caller.checkUrl('ftp://example.com/'), /must start with https/)
  t.doesNotThrow(() => caller.checkUrl('https://hooks.example.com/x?y=1'))
  t.doesNotThrow(() => caller.checkUrl('https://8.8.8.8/'))
  t.doesNotThrow(() => caller.checkUrl('https://[2606:4700:4700::1111]/'))
  t.doesNotThrow(() => caller.checkUrl('https://münchen.example/'))
})
