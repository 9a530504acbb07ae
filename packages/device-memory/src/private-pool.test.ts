import { describe, expect, test } from 'vitest'
import { Device, kinds, MIB } from '../test/device.ts'
import { segments } from './index.ts'

const pools = (device: Device) => segments(device.state).map(({ pool }) => pool)

test('[D31] memory of the wanted stream comes from the pool begun last, in 2.4 from the first', () => {
  const run = (version: string) => {
    const device = new Device(version)
    device.do({ kind: 'BeginPool', pool: 1, stream: null })
    device.do({ kind: 'BeginPool', pool: 2, stream: 0 })
    device.malloc(1, 20 * MIB, 0)
    device.malloc(2, 20 * MIB, 1)
    device.do({ kind: 'EndPool', pool: 1 })
    device.do({ kind: 'EndPool', pool: 2 })
    device.malloc(3, 20 * MIB, 0)
    return pools(device)
  }
  expect(run('2.11')).toEqual([2, 1, null])
  expect(run('2.4')).toEqual([1, 1, null])
})

test('[D32] uses are counted, and what cannot be is refused', () => {
  const device = new Device()
  const begin = () => device.do({ kind: 'BeginPool', pool: 7, stream: 0 })
  const end = () => device.do({ kind: 'EndPool', pool: 7 })
  const release = () => device.do({ kind: 'ReleasePool', pool: 7 })
  expect(end).toThrow('UnknownPool')
  expect(release).toThrow('UnknownPool')
  begin()
  expect(begin).toThrow('PoolAlreadyBegun')
  device.malloc(1, MIB)
  end()
  expect(end).toThrow('PoolNotBegun')
  begin()
  end()
  release()
  release()
  expect(release).toThrow('PoolReleased')
  expect(begin).toThrow('PoolReleased')
})

test('[D33] a released pool gives its memory back with the cache, and dies with the last of it', () => {
  const device = new Device()
  device.do({ kind: 'BeginPool', pool: 7, stream: 0 })
  device.malloc(1, 20 * MIB)
  device.malloc(2, 20 * MIB)
  device.do({ kind: 'EndPool', pool: 7 })
  device.free(1)
  expect(device.do({ kind: 'EmptyCache' })).toEqual([])
  device.do({ kind: 'ReleasePool', pool: 7 })
  expect(kinds(device.do({ kind: 'EmptyCache' }))).toEqual(['SegmentFreed 20'])
  expect(() => device.do({ kind: 'BeginPool', pool: 7, stream: 0 })).toThrow('PoolReleased')
  device.free(2)
  expect(kinds(device.do({ kind: 'EmptyCache' }))).toEqual(['SegmentFreed 20'])
  expect(device.do({ kind: 'BeginPool', pool: 7, stream: 0 })).toEqual([])
})

describe('[D34] while a pool is begun', () => {
  const full = (version: string, stream: number | null) => {
    const device = new Device(version, { capacityBytes: 50 * MIB })
    device.malloc(1, 30 * MIB)
    device.free(1)
    device.do({ kind: 'BeginPool', pool: 7, stream })
    return device
  }

  test('a request does not give the cache back; from 2.13 on only a graph keeps it', () => {
    const answer = (version: string, stream: number | null) => full(version, stream).malloc(2, 40 * MIB) === null
    expect([answer('2.11', 0), answer('2.11', null), answer('2.13', 0), answer('2.13', null)]).toEqual([true, true, true, false])
  })

  test('EmptyCache gives back that of released pools, and fails in 2.4', () => {
    const device = full('2.11', 0)
    device.malloc(2, 512)
    device.free(2)
    device.do({ kind: 'EndPool', pool: 7 })
    device.do({ kind: 'ReleasePool', pool: 7 })
    device.do({ kind: 'BeginPool', pool: 8, stream: 0 })
    expect(kinds(device.do({ kind: 'EmptyCache' }))).toEqual(['SegmentFreed 2'])
    expect(() => full('2.4', 0).do({ kind: 'EmptyCache' })).toThrow('PoolBegun')
  })
})
