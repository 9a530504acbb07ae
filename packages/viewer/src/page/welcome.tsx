/** What the page says before it has a log: what it opens, and how to make one. */
import { hasPlayground } from './playground-pane.tsx'

const RECORDING = 'reheap run -o app.arrows app.py'
const SNAPSHOT = 'torch.cuda.memory._record_memory_history()\n…\ntorch.cuda.memory._dump_snapshot("app.pickle")'

export const Welcome = () => (
  <main class="welcome">
    <h1>See where memory goes, event by event</h1>
    <p>
      Drop a log here, or two to compare them: <code>.arrows</code>, <code>.jsonl</code>, <code>.jsonl.gz</code>, or a PyTorch memory
      snapshot, <code>.pickle</code>.
    </p>
    <dl>
      <dt>A Python program</dt>
      <dd>
        <pre>{RECORDING}</pre>
      </dd>
      <dt>A GPU, from within PyTorch</dt>
      <dd>
        <pre>{SNAPSHOT}</pre>
      </dd>
    </dl>
    {hasPlayground && (
      <p>
        Or type a program into the <b>Playground</b> and run it here.
      </p>
    )}
    <p class="quiet">Everything is replayed in this page; nothing leaves your machine.</p>
  </main>
)
