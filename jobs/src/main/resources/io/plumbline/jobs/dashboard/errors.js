// How far simulators are from measurements: all of them, then one comparison.
import { rows } from './tables.js'
import { chart, choice, element, ms, number, table } from './parts.js'

const METRICS = ['ttft', 'tpot', 'e2e']

export async function comparisons() {
  const [summary, runs] = await Promise.all([
    rows('error_summary', ['comparison_id', 'reference_run_id', 'simulated_run_id', 'metric', 'statistic',
      'reference_ns', 'simulated_ns', 'percent_error', 'verdict']),
    rows('run', ['run_id', 'engine', 'label', 'predictor', 'model', 'device'])])
  const byId = new Map(runs.map(run => [run.run_id, run]))
  return summary.map(row => ({ ...row,
    reference: name(byId.get(row.reference_run_id), row.reference_run_id),
    simulator: simulator(byId.get(row.simulated_run_id), row.simulated_run_id) }))
}

const name = (run, id) => run?.label ?? run?.engine ?? id
const simulator = (run, id) => run ? run.engine + (run.predictor ? ', ' + run.predictor : '') : id

export function comparisonChoices(all) {
  const found = new Map()
  for (const row of all) found.set(row.comparison_id, `${row.simulator} against ${row.reference} (${row.simulated_run_id.slice(0, 8)})`)
  return [...found]
}

export async function errors(place) {
  const all = await comparisons()
  place.append(element('h2', {}, 'Simulated against measured'))
  if (!all.length) {
    place.append(element('p', { class: 'soft' }, 'There is no comparison yet: ./plumbline compare --reference RUN --simulated RUN makes one.'))
    return
  }
  place.append(league(all))
  const body = element('div')
  const choices = comparisonChoices(all)
  const draw = async id => body.replaceChildren(...await one(all, id))
  place.append(element('h3', {}, 'One comparison'),
    element('div', { class: 'controls' }, choice('Comparison', choices, choices[0][0], draw)), body)
  await draw(choices[0][0])
}

function league(all) {
  const groups = new Map()
  for (const row of all) {
    if (!METRICS.includes(row.metric) || !['p50', 'p99'].includes(row.statistic) || row.percent_error == null) continue
    const key = JSON.stringify([row.metric, row.statistic, row.simulator])
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const lines = [...groups].map(([key, members]) => {
    const [metric, statistic, simulator] = JSON.parse(key)
    const sizes = members.map(row => Math.abs(row.percent_error))
    return { metric, statistic, simulator, comparisons: members.length,
      mean: sizes.reduce((a, b) => a + b, 0) / sizes.length, worst: Math.max(...sizes),
      passed: members.filter(row => row.verdict === 'PASS').length }
  }).sort((a, b) => a.metric.localeCompare(b.metric) || a.statistic.localeCompare(b.statistic) || a.mean - b.mean)
  return table('League: mean size of the percent error over all comparisons, the closest first', [
    ['metric', line => line.metric.toUpperCase()], ['statistic', line => line.statistic.toUpperCase()],
    ['simulator', line => line.simulator], ['comparisons', line => line.comparisons, true],
    ['mean error, %', line => number(line.mean, 1), true], ['worst, %', line => number(line.worst, 1), true],
    ['passed', line => line.passed, true]], lines)
}

async function one(all, id) {
  const summary = all.filter(row => row.comparison_id === id)
  const requests = await rows('request_error', ['metric', 'request_id', 'reference_ns', 'simulated_ns'], { comparison_id: id })
  const shown = METRICS.filter(metric => requests.some(row => row.metric === metric))
  return [
    table('Percentiles of both sides', [
      ['metric', row => row.metric], ['statistic', row => row.statistic],
      ['measured, ms', row => number(ms(row.reference_ns), 3), true],
      ['simulated, ms', row => number(ms(row.simulated_ns), 3), true],
      ['error, %', row => number(row.percent_error, 1), true], ['verdict', row => row.verdict]], summary),
    ...shown.map(metric => distribution(metric, requests.filter(row => row.metric === metric)))]
}

function distribution(metric, requests) {
  const curve = side => requests.map(row => ms(row[side])).sort((a, b) => a - b)
    .map((value, i, sorted) => [value, 100 * (i + 1) / sorted.length])
  return chart(`${metric.toUpperCase()}: share of requests below`, {
    xAxis: { name: 'ms', type: 'value', scale: true }, yAxis: { name: '%', type: 'value', max: 100 },
    series: [['measured', 'reference_ns'], ['simulated', 'simulated_ns']].map(([name, side], i) => ({
      name, type: 'line', step: 'end', showSymbol: false, lineStyle: { type: i ? 'dashed' : 'solid', width: 2 }, data: curve(side) }))
  }, table(`${metric.toUpperCase()} of requests`, [
    ['request', row => row.request_id, true], ['measured, ms', row => number(ms(row.reference_ns), 3), true],
    ['simulated, ms', row => number(ms(row.simulated_ns), 3), true]], requests, 100))
}
