import { spawnSync } from 'node:child_process'

/** The Node that runs this, and the further versions asked for, as npm's package `node` brings them. */
export function nodesOf(versions) {
  const own = { version: `Node ${process.versions.node}`, path: process.execPath }
  return [own, ...versions.map(fromNpm)]
}

function fromNpm(version) {
  const { status, stdout, stderr } = spawnSync('npx', ['--yes', `node@${version}`, '-p', 'process.version + "\\n" + process.execPath'], {
    encoding: 'utf8',
  })
  if (status !== 0) {
    console.error(`examples: --node ${version}: npm did not bring it: ${stderr.trim().split('\n').at(-1)}`)
    process.exit(2)
  }
  const [found, path] = stdout.trim().split('\n')
  return { version: `Node ${found.slice(1)}`, path }
}
