import type { KindRules } from '../../protocol/kind-rules.ts';
import type { SampleVerdict } from '../../protocol/trainer.ts';
import { post } from '../shared/api.ts';
import { FileButton } from '../shared/components/file-button.tsx';
import { t } from '../shared/language.ts';
import { edit, failure, tryTimeoutMs } from './store.ts';

/** The rules in force as a file, and rules of another box as edits. */
export function RulesFile() {
  return (
    <>
      <a class="button plain" href="/api/kinds/rules" download="kind-rules.json">
        {t('trainer.export')}
      </a>
      <FileButton accept=".json,application/json" onFile={file => void takeRules(file)}>
        {t('trainer.import')}
      </FileButton>
    </>
  );
}

/** Only rules that the box understands become edits. */
async function takeRules(file: File): Promise<void> {
  const found = parsed(await file.text());
  const answer = await post<SampleVerdict[]>('/api/kinds/try', { rules: found }, tryTimeoutMs);
  if (answer.ok) edit(found as KindRules);
  else failure.value = answer.error;
}

/** What is no JSON goes to the box as it is, and the box says what is wrong. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
