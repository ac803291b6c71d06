import { useSignal } from '@preact/signals';
import { Button } from '../shared/components/button.tsx';
import { t } from '../shared/language.ts';
import { addOriginal, busy } from './actions.ts';

/** A document that came as a file with a signature: chosen on the clerk's computer, passed on as it is. */
export function OriginalForm({ kind }: { kind: string }) {
  const file = useSignal<File | undefined>(undefined);
  const signature = useSignal<File | undefined>(undefined);
  return (
    <section class="original-form">
      <h3>{t('clerk.original')}</h3>
      <p>{t('clerk.original-about')}</p>
      <FileChoice
        name={t('clerk.original-file')}
        accept=".pdf,.xml"
        onFile={chosen => (file.value = chosen)}
      />
      <FileChoice
        name={t('clerk.original-signature')}
        accept=".sig,.p7s,.sgn"
        onFile={chosen => (signature.value = chosen)}
      />
      <Button
        disabled={file.value === undefined}
        busy={busy.value === 'originals'}
        onPress={() => {
          if (file.value) void addOriginal(kind, file.value, signature.value);
        }}
      >
        {t('clerk.original-add')}
      </Button>
    </section>
  );
}

interface FileChoiceProps {
  name: string;
  accept: string;
  onFile: (file: File | undefined) => void;
}

function FileChoice({ name, accept, onFile }: FileChoiceProps) {
  return (
    <label>
      <span>{name}</span>
      <input type="file" accept={accept} onChange={event => onFile(event.currentTarget.files?.[0])} />
    </label>
  );
}
