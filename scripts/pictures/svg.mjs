/** A picture in the making: plain shapes, one colour scheme that is readable on white and on black. */
export class Picture {
  #shapes = []
  #width = 0
  #height = 0

  rect(x, y, width, height, fill, title = '') {
    this.#grow(x + width, y + height)
    const inside = title === '' ? '' : `<title>${title}</title>`
    this.#shapes.push(
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" stroke="#808080" stroke-width="0.5">${inside}</rect>`,
    )
  }

  text(x, y, words, { anchor = 'start', size = 12, fill = null } = {}) {
    this.#grow(anchor === 'start' ? x + words.length * size * 0.6 : x, y + 4)
    const colour = fill === null ? '' : ` fill="${fill}"`
    this.#shapes.push(`<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}"${colour}>${words}</text>`)
  }

  #grow(x, y) {
    this.#width = Math.max(this.#width, Math.ceil(x) + 8)
    this.#height = Math.max(this.#height, Math.ceil(y) + 8)
  }

  /** @param label what a reader that cannot see it is told */
  toString(label) {
    const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${this.#width} ${this.#height}" width="${this.#width}" role="img" aria-label="${label}">`
    return `${head}\n<g font-family="ui-monospace, monospace" fill="#808080">\n${this.#shapes.join('\n')}\n</g>\n</svg>\n`
  }
}

export const COLOURS = {
  live: '#4e79a7',
  waiting: '#f28e2b',
  free: '#d8d8d8',
  dead: '#e15759',
  kept: '#59a14f',
  empty: 'none',
  inside: '#101010',
}
