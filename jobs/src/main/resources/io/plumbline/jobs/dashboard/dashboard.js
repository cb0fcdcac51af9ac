// The page: tabs, and what each shows. A tab reads its tables when it is first opened.
import { loadIndex, rows } from './tables.js'
import { resizeCharts, element } from './parts.js'
import { overview } from './overview.js'
import { sweeps } from './sweeps.js'
import { errors } from './errors.js'
import { attribution } from './attribution.js'
import { oneRun } from './run.js'

const VIEWS = { overview, sweeps, errors, attribution, run: oneRun }
const opened = new Set()
const status = document.getElementById('status')
const tabs = [...document.querySelectorAll('[role=tab]')]

async function show(name) {
  for (const tab of tabs) {
    const chosen = tab.id === 'tab-' + name
    tab.setAttribute('aria-selected', chosen)
    tab.tabIndex = chosen ? 0 : -1
    document.getElementById(tab.getAttribute('aria-controls')).hidden = !chosen
  }
  history.replaceState(null, '', '#' + name)
  resizeCharts()
  if (opened.has(name)) return
  opened.add(name)
  const place = document.getElementById(name)
  try {
    await VIEWS[name](place)
    place.dataset.ready = 'true'
  } catch (problem) {
    place.append(element('p', { class: 'FAIL', role: 'alert' }, 'This could not be read: ' + problem.message))
    throw problem
  }
}

for (const tab of tabs) {
  tab.addEventListener('click', () => show(tab.id.slice(4)))
  tab.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -tabs.indexOf(tab), End: tabs.length - 1 - tabs.indexOf(tab) }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]
    next.focus()
    show(next.id.slice(4))
  })
}

const index = await loadIndex()
const runs = await rows('run', ['run_id'])
const bytes = Object.values(index).flat().reduce((sum, file) => sum + file.bytes, 0)
status.textContent = `${runs.length} runs in ${Object.keys(index).length} tables, ${(bytes / 1e6).toFixed(1)} MB.`
const asked = location.hash.slice(1)
await show(asked in VIEWS ? asked : 'overview')
