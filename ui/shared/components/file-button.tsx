import type { ComponentChildren } from 'preact';

interface FileButtonProps {
  children: ComponentChildren;
  /** As browsers take it: `.pdf,.xml`. */
  accept: string;
  onFile: (file: File) => void;
}

/** Opens the browser's choice of a file; the browser's own button speaks its own language. */
export function FileButton({ children, accept, onFile }: FileButtonProps) {
  return (
    <label class="button plain file-button">
      {children}
      <input
        class="visually-hidden"
        type="file"
        accept={accept}
        onChange={event => {
          const [file] = event.currentTarget.files ?? [];
          // The same file may be chosen again.
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
    </label>
  );
}
