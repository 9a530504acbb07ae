#ifndef REHEAP_MODULE_H
#define REHEAP_MODULE_H

/* Makes `import reheap_recorder` find the module through which a program marks moments of its own. */
void module_offered(void);

#endif
