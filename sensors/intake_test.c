#include "base/tap.h"
int main(void){return wlk_tap_done();}
