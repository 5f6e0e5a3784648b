import t from 'tap'
import { AddressPolicy, isNetwork } from '../../src/outgoing/address-policy.js'

t.test('addresses out on the internet may be called', async (t) => {
  const policy = new AddressPolicy([])
  for (const address of [
    '8.8.8.8',
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2001:4860:4860::8888',
    '2a00:1450::1',
  ]) {
    t.equal(policy.refusalOf(address), undefined, address)
  }
})

t.test('what is allowed is called, and nothing beside it', async (t) => {
  const policy = new AddressPolicy(['127.0.0.2/32', '10.0.0.0/8', 'fd00:1::/32', '::1/128'])
  for (const address of ['127.0.0.2', '10.255.255.255', 'fd00:1:ffff::1', '::1', '::ffff:10.0.0.1', '::FFFF:7f00:2']) {
    t.equal(policy.refusalOf(address), undefined, address)
  }
  for (const address of [
    '127.0.0.1',
    '11.0.0.1.',
    'fd00:2::1',
    '::2',
    '::ffff:127.0.0.1',
    '::10.0.0.1',
    '2002:a00:1::',
  ]) {
    t.type(policy.refusalOf(address), 'string', address)
  }
})

t.test('allowing IPv4 allows no IPv6 and the other way round', async (t) => {
  t.equal(new AddressPolicy(['0.0.0.0/0']).refusalOf('::1'), 'loopback')
  t.equal(new AddressPolicy(['::/0']).refusalOf('127.0.0.1'), 'loopback')
  t.equal(new AddressPolicy(['::ffff:0:0/96']).refusalOf('127.0.0.1'), 'loopback')
  t.equal(new AddressPolicy(['::/0']).refusalOf('::1'), undefined)
})

t.test('what is no plain address is refused', async (t) => {
  const policy = new AddressPolicy(['0.0.0.0/0', '::/0'])
  for (const text of ['', 'example.com', '127.1', '0x7f000001', 'fe80::1%eth0', '127.0.0.1 ', '010.0.0.1']) {
    t.equal(policy.refusalOf(text), 'not a plain address', text)
  }
})

t.test('a network has an address and a prefix length', async (t) => {
  for (const text of ['10.0.0.0/8', '127.0.0.1/32', '::1/128', 'fd00::/8', '0.0.0.0/0']) t.ok(isNetwork(text), text)
  for (const text of ['10.0.0.0', '10.0.0.0/33', '::/129', '10/8', '10.0.0.0/8/8', '/8', 'x/8', '::%1/64', '::/-1']) {
    t.notOk(isNetwork(text), text)
  }
})
