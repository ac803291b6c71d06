import type { ComponentChildren } from 'preact';
import type { PhraseKey } from '../dictionary.ts';
import { t } from '../language.ts';

/** A table of cases, the number of each first; pressing it shows the case beside the table. */
export function CaseTable<Line extends { caseId: string; number: string }>(props: {
  lines: readonly Line[];
  chosen: string | null;
  onChoose: (caseId: string) => void;
  numberTitle: PhraseKey;
  columns: readonly (readonly [title: PhraseKey, show: (line: Line) => ComponentChildren])[];
}) {
  const { lines, chosen, onChoose, numberTitle, columns } = props;
  return (
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{t(numberTitle)}</th>
            {columns.map(([title]) => (
              <th key={title} scope="col">
                {t(title)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(line => (
            <tr key={line.caseId} class={line.caseId === chosen ? 'chosen' : ''}>
              <th scope="row">
                <button
                  type="button"
                  class="link"
                  aria-pressed={line.caseId === chosen}
                  onClick={() => onChoose(line.caseId)}
                >
                  {line.number}
                </button>
              </th>
              {columns.map(([title, show]) => (
                <td key={title}>{show(line)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
