export interface Lock {
  packages: Record<string, { version?: string; integrity?: string; optional?: boolean }>;
}
export function ensurePackages(): void;
export function isInstalled(wanted: Lock | undefined, installed: Lock | undefined): boolean;
export function obstacle(complaint: string): string;
