import type * as hostMemory from '@reheap/host-memory'
import { type EventForm, form, withContext } from './event-form.ts'
import { idField, idOrNullField, numberField, optionalField, truthField, wholeField, wordField } from './field.ts'

const block = idField('block', 'id')
const blockOrNull = idOrNullField('block', 'id')
const mapping = idField('mapping', 'id')
const bytes = wholeField('bytes', 'size')
const from = wholeField('from', 'address')
const observed = optionalField('address', 'address')
const process = numberField('process', 'tag')
const ofProcess = numberField('process', 'tag', 0)
const huge = truthField('huge', 'other')

/** Requests to the C library and to the system. The columns are those of the table in `host-memory/src/events.ts`. */
export function hostForms({ REQUEST_OPCODES: codes, ...own }: typeof hostMemory): readonly EventForm[] {
  const opened = [wholeField('ramBytes', 'size'), wholeField('swapBytes', 'address')]
  const calloc = [block, idField('count', 'other'), wholeField('elementBytes', 'size'), observed, ofProcess]
  const align = [block, idField('alignment', 'other'), bytes, observed, ofProcess]
  const realloc = [blockOrNull, idField('newBlock', 'other'), bytes, observed, ofProcess]
  const mapped = [mapping, bytes, wordField('backing', own.BACKINGS, 'other'), observed, ofProcess]
  const pages = [mapping, from, bytes]
  const inBlock = [block, from, bytes]
  return [
    form('HostOpened', codes.HostOpened, opened, ['romBytes', 'systemBytes', 'cacheBytes', 'touches'], withContext(own.HostOpened)),
    form('StartProcess', codes.StartProcess, [process], [], withContext(own.StartProcess)),
    form('EndProcess', codes.EndProcess, [process], [], withContext(own.EndProcess)),
    form('LibraryMalloc', codes.LibraryMalloc, [block, bytes, observed, ofProcess], [], withContext(own.LibraryMalloc)),
    form('LibraryCalloc', codes.LibraryCalloc, calloc, [], withContext(own.LibraryCalloc)),
    form('LibraryAlign', codes.LibraryAlign, align, [], withContext(own.LibraryAlign)),
    form('LibraryRealloc', codes.LibraryRealloc, realloc, [], withContext(own.LibraryRealloc)),
    form('LibraryFree', codes.LibraryFree, [blockOrNull, ofProcess], [], withContext(own.LibraryFree)),
    form('MapMemory', codes.MapMemory, mapped, [], withContext(own.MapMemory)),
    form('MapShared', codes.MapShared, [mapping, idField('of', 'other'), bytes, observed, ofProcess], [], withContext(own.MapShared)),
    form('UnmapMemory', codes.UnmapMemory, [...pages, ofProcess], [], withContext(own.UnmapMemory)),
    form('RemapMemory', codes.RemapMemory, [mapping, bytes, observed, ofProcess], [], withContext(own.RemapMemory)),
    form('TouchPages', codes.TouchPages, [...pages, ofProcess], [], withContext(own.TouchPages)),
    form('ReadPages', codes.ReadPages, [...pages, ofProcess], [], withContext(own.ReadPages)),
    form('CopyPages', codes.CopyPages, [...pages, ofProcess], [], withContext(own.CopyPages)),
    form('TouchBlock', codes.TouchBlock, [...inBlock, ofProcess], [], withContext(own.TouchBlock)),
    form('ReleasePages', codes.ReleasePages, [...pages, ofProcess], [], withContext(own.ReleasePages)),
    form('AdviseHugePages', codes.AdviseHugePages, [...pages, huge, ofProcess], [], withContext(own.AdviseHugePages)),
    form('AdviseHugeBlock', codes.AdviseHugeBlock, [...inBlock, huge, ofProcess], [], withContext(own.AdviseHugeBlock)),
    form('ReadFile', codes.ReadFile, [bytes], [], withContext(own.ReadFile)),
    form('PowerOff', codes.PowerOff, [], [], withContext(own.PowerOff)),
    form('PowerOn', codes.PowerOn, [], [], withContext(own.PowerOn)),
  ]
}
