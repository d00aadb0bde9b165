/**
 * Returns the word because of which Azure refuses a name of a resource with an endpoint, such as a storage account
 * (learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-reserved-resource-name)
 */
export function reservedWord(name: string): string | undefined {
  const text = name.toLowerCase();
  if (whole.has(text)) return text;
  return text.startsWith('login') ? 'login' : ['microsoft', 'windows'].find((word) => text.includes(word));
}

/** Words that are reserved as a whole name */
const whole: ReadonlySet<string> = new Set(
  (
    'access azure bing bizspark biztalk cortana directx dotnet dynamics excel exchange forefront groove hololens hyperv ' +
    'kinect lync msdn o365 office office365 onedrive onenote outlook powerpoint sharepoint skype visio visualstudio xbox'
  ).split(' '),
);
