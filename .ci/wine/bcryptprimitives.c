/* Stands in for a library that Rust's standard library asks for random bytes and that Wine 8 lacks. Of Windows it is a
   part: no release has this file. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return SystemFunction036(data, (ULONG)length);
}
