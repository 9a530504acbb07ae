/** An object drawn between its holders, on the left, and what it refers to, on the right. */
import type { Neighbour, Neighbourhood } from '@reheap/projections'
import { count } from './format.ts'
import { choose } from './neighbourhood.tsx'

const SHOWN_MAX = 12
const WIDTH = 760
const NODE = 210
const ROW = 34

interface Placed {
  readonly key: string
  readonly title: string
  readonly detail: string
  readonly object: number | null
}

const placed = (neighbours: readonly Neighbour[]): readonly Placed[] => {
  const shown = neighbours.slice(0, SHOWN_MAX).map(({ object, slot, place, type, count: references }) => ({
    key: `${object} ${slot}`,
    title: `${type} ${object}`,
    detail: `${place === null ? '' : `${place}, `}count ${count(references)}`,
    object,
  }))
  const rest = neighbours.length - shown.length
  return rest === 0 ? shown : [...shown, { key: 'rest', title: `and ${count(rest)} more`, detail: '', object: null }]
}

export function NeighbourGraph({ near }: { readonly near: Neighbourhood }) {
  const named = near.names.map(({ scope, name, isCall }) => ({
    key: `${scope} ${name}`,
    title: name,
    detail: isCall ? `a name of call ${scope}` : 'a name of the module',
    object: null,
  }))
  const left: readonly Placed[] = [...named, ...placed(near.holders)]
  const right = placed(near.references)
  const height = Math.max(left.length, right.length, 2) * ROW + 8
  const middle = height / 2
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${height}`}
      width={WIDTH}
      height={height}
      class="graph"
      aria-label={`${near.holders.length} holders, ${near.names.length} names, ${near.references.length} references`}
    >
      {left.map((node, row) => (
        <Side key={`l${node.key}`} node={node} x={0} y={4 + row * ROW + (height - left.length * ROW - 8) / 2} middle={middle} isLeft />
      ))}
      {right.map((node, row) => (
        <Side
          key={`r${node.key}`}
          node={node}
          x={WIDTH - NODE}
          y={4 + row * ROW + (height - right.length * ROW - 8) / 2}
          middle={middle}
          isLeft={false}
        />
      ))}
      <g class={`node centre ${near.heldBy}`}>
        <rect x={(WIDTH - NODE + 40) / 2} y={middle - 22} width={NODE - 40} height={44} rx="8" />
        <text x={WIDTH / 2} y={middle - 3} text-anchor="middle" class="title">
          {short(near.type)}
        </text>
        <text x={WIDTH / 2} y={middle + 13} text-anchor="middle" class="detail">
          count {near.isImmortal ? 'fixed' : count(near.count)}
        </text>
      </g>
    </svg>
  )
}

const short = (text: string): string => (text.length > 26 ? `${text.slice(0, 25)}…` : text)

interface SideProps {
  readonly node: Placed
  readonly x: number
  readonly y: number
  readonly middle: number
  readonly isLeft: boolean
}

function Side({ node: { title, detail, object }, x, y, middle, isLeft }: SideProps) {
  const centre = y + ROW / 2
  const start = isLeft ? NODE : (WIDTH + NODE - 40) / 2
  const end = isLeft ? (WIDTH - NODE + 40) / 2 : WIDTH - NODE
  const [from, to] = isLeft ? [centre, middle] : [middle, centre]
  const drawn = (
    <>
      <path d={`M${start} ${from} C${start + 45} ${from} ${end - 45} ${to} ${end - 4} ${to}`} class="edge" />
      <path d={`M${end - 5} ${to - 3.5} L${end} ${to} L${end - 5} ${to + 3.5} Z`} class="head" />
      <rect x={x + 0.5} y={y + 2} width={NODE - 1} height={ROW - 4} rx="6" />
      <text x={x + 10} y={y + 15} class="title">
        {short(title)}
      </text>{' '}
      <text x={x + 10} y={y + 27} class="detail">
        {detail}
      </text>
    </>
  )
  if (object === null) return <g class="node name">{drawn}</g>
  const pick = (event: MouseEvent): void => {
    event.preventDefault()
    choose(object)
  }
  return (
    <a class="node pick" href={`#object=${object}`} aria-label={`${title} ${detail}`} onClick={pick}>
      {drawn}
    </a>
  )
}
