import { answer, count, listOf, maybeText, text } from './schema-parts.ts'

/** Schemas of recorded scenarios, and of the report of a simulated site. */
export const SCENARIO_SCHEMAS = {
  Scenarios: answer({
    items: listOf(
      answer({
        name: text,
        edgeCase: text,
        title: text,
        given: maybeText,
        when: maybeText,
        wanted: text,
        promises: listOf(text),
      }),
    ),
    next: maybeText,
  }),
  ScenarioRecording: answer({ url: text }),
  DesignReport: answer({
    site: text,
    visits: listOf(answer({ name: text, trouble: text, bay: count, replication: count, index: count })),
  }),
}
