import type { BlockRecorder } from './block-recorder.ts'
import { CollectionWriter } from './collection-writer.ts'
import { CollectorFigures } from './collector-figures.ts'
import { CollectorHooks } from './collector-hooks.ts'
import { CollectorWatch } from './collector-watch.ts'
import { ContentSync } from './content-sync.ts'
import { Deaths } from './deaths.ts'
import { EarlierObjects } from './earlier-objects.ts'
import type { EventWriter } from './event-writer.ts'
import { FrameStack } from './frame-stack.ts'
import { FunctionDeeds } from './function-deeds.ts'
import { GraphSync } from './graph-sync.ts'
import { LineMeter } from './line-meter.ts'
import { NameBook } from './name-book.ts'
import { NewTuples } from './new-tuples.ts'
import { ObjectBook } from './object-book.ts'
import { ObjectLives } from './object-lives.ts'
import { ObjectReader } from './object-reader.ts'
import { ObjectTable } from './object-table.ts'
import { OwnCode } from './own-code.ts'
import { PlaceNames } from './place-names.ts'
import { PlaceReader } from './place-reader.ts'
import type { RuntimeLayout } from './runtime-layout.ts'
import { SafePoint } from './safe-point.ts'
import { ScopeBook } from './scope-book.ts'
import { ScriptRecorder } from './script-recorder.ts'
import type { PreparedScript } from './script-setup.ts'
import { Settling } from './settling.ts'
import { TypeBook } from './type-book.ts'
import { TypeReader } from './type-reader.ts'
import type { WasmModule } from './wasm-module.ts'

export interface RecorderTask {
  readonly module: WasmModule
  readonly layout: RuntimeLayout
  readonly script: PreparedScript
  readonly file: string
  /** Are keys of dictionaries to be named? */
  readonly hasKeys: boolean
  readonly writer: EventWriter
  readonly blocks: BlockRecorder
  /** Runs what the interpreter calls, as long as the recording goes on. */
  readonly guard: (call: (recorder: ScriptRecorder) => void) => void
}

/** A recorder with all its parts, connected to an interpreter. */
export function recorderFor({ module, layout, script, file, hasKeys, writer, blocks, guard }: RecorderTask): ScriptRecorder {
  const reader = new ObjectReader(module, layout)
  reader.learnPaused(script.paused)
  const typeReader = new TypeReader(module)
  typeReader.delFinalizer = typeReader.finalizerOf(script.finalizedType)
  const zero = module._PyMem_RawMalloc(4)
  module.HEAP32[zero >> 2] = 0
  const book = new ObjectBook(new ObjectTable(zero >> 2), writer, (address) => reader.word(address))
  const names = new NameBook(writer)
  const places = new PlaceReader(module, layout, reader)
  const content = new ContentSync({
    book,
    reader,
    places,
    names: new PlaceNames(module, names, reader, book.table),
    hasKeys,
    blocks,
    writer,
  })
  const settling = new Settling(book, content, reader, writer)
  const deaths = new Deaths(book, content, settling, reader)
  const frames = new FrameStack(module, layout)
  const scopes = new ScopeBook({ reader, frames, book, writer, names, moduleDict: script.moduleDict })
  settling.refreshNames = (row) => scopes.refresh(row)
  const tuples = new NewTuples(book, content, reader)
  const graph = new GraphSync({ module, book, content, tuples, settling, deaths, scopes, frames })
  const deeds = new FunctionDeeds({ writer, book, content, reader, deaths })
  const figures = new CollectorFigures(module, layout, script.callbacks)
  const watch = new CollectorWatch({
    figures,
    collections: new CollectionWriter(writer, figures),
    writer,
    book,
    deeds,
    reader,
    frames,
    syncAll: () => graph.syncAll(),
  })
  book.isFixed = (row) => watch.isBefore(row)
  const meter = new LineMeter({ writer, blocks, figures, frames, table: book.table })
  const safePoint = new SafePoint(module, () => guard((recorder) => recorder.onCheck(figures.isScheduled)))
  const codes = new Map(script.codes.map((code) => [code.address, code]))
  new OwnCode({ module, reader, blocks, script, file, codes, guard }).install()
  const types = new TypeBook(typeReader, writer)
  new CollectorHooks({ module, layout, script, codes, figures, writer, book, settling, frames, watch, guard }).install()
  const earlier = new EarlierObjects(reader, writer, blocks, figures.isIncremental)
  const lives = new ObjectLives({ reader, writer, types, blocks, book, deaths, graph, watch, meter, safePoint, earlier })
  return new ScriptRecorder({ reader, writer, lives, book, deaths, scopes, frames, graph, tuples, watch, meter, codes })
}
