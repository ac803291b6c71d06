import { useSignal } from '@preact/signals';
import { Button } from '../shared/components/button.tsx';
import { FileButton } from '../shared/components/file-button.tsx';
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
        chosen={file.value}
        onFile={chosen => (file.value = chosen)}
      />
      <FileChoice
        name={t('clerk.original-signature')}
        accept=".sig,.p7s,.sgn"
        chosen={signature.value}
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
  chosen: File | undefined;
  onFile: (file: File) => void;
}

function FileChoice({ name, accept, chosen, onFile }: FileChoiceProps) {
  return (
    <p class="file-choice">
      <FileButton accept={accept} onFile={onFile}>
        {name}
      </FileButton>
      <span>{chosen?.name ?? t('clerk.original-none')}</span>
    </p>
  );
}
