/** Address parts of a repository given by its full name, project first. */
export function placeOfRepository(fullName: string): { project: string; repository: string } {
  const slash = fullName.indexOf('/');
  return { project: fullName.slice(0, slash), repository: fullName.slice(slash + 1) };
}
