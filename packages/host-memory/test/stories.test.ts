import { describe, expect, test } from 'vitest'
import * as hostMemory from '../src/index.ts'
import { STORIES, told } from './stories.ts'

describe('[H26] stories end as the rules say', () => {
  test.each(STORIES)('[H26] $name', ({ requests, profile, settings, end }) => {
    expect(told(hostMemory, requests, profile, settings)).toEqual(end)
  })
})
