import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export interface Certificate {
  /** PEM. */
  readonly key: string
  readonly cert: string
}

const SEQUENCE = 0x30
const SET = 0x31
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const OBJECT_ID = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const DNS_NAME = 0x82

const ECDSA_WITH_SHA256 = '2a8648ce3d040302'
const COMMON_NAME = '550403'
const SUBJECT_ALT_NAME = '551d11'

/**
 * A certificate that a server on loopback made up itself (RFC 5280), since Node.js can read certificates but not create them.
 */
export function selfSigned(hostname: string): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const toBeSigned = content(hostname, publicKey)
  const signature = sign('sha256', toBeSigned, privateKey)
  const der = tlv(SEQUENCE, toBeSigned, algorithm(), tlv(BIT_STRING, Buffer.from([0]), signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  }
}

function content(hostname: string, publicKey: KeyObject): Buffer {
  const name = tlv(SEQUENCE, tlv(SET, tlv(SEQUENCE, objectId(COMMON_NAME), tlv(UTF8_STRING, Buffer.from(hostname)))))
  const altName = tlv(SEQUENCE, tlv(DNS_NAME, Buffer.from(hostname)))
  const extension = tlv(SEQUENCE, objectId(SUBJECT_ALT_NAME), tlv(OCTET_STRING, altName))
  return tlv(
    SEQUENCE,
    tlv(0xa0, tlv(INTEGER, Buffer.from([2]))),
    tlv(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm(),
    name,
    tlv(SEQUENCE, time(-1), time(1)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, tlv(SEQUENCE, extension)),
  )
}

function time(days: number): Buffer {
  const date = new Date(Date.now() + days * 86_400_000).toISOString()
  return tlv(UTC_TIME, Buffer.from(`${date.replaceAll(/[-:T]/g, '').slice(2, 14)}Z`))
}

function algorithm(): Buffer {
  return tlv(SEQUENCE, objectId(ECDSA_WITH_SHA256))
}

function objectId(hex: string): Buffer {
  return tlv(OBJECT_ID, Buffer.from(hex, 'hex'))
}

/** Type, length, value: the distinguished encoding (X.690). Nothing here is longer than 65,535 bytes. */
function tlv(type: number, ...values: Buffer[]): Buffer {
  const value = Buffer.concat(values)
  const { length } = value
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([type, ...size]), value])
}
