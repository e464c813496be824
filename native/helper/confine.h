// What the program gives up once it has what it needs: inherited descriptors, the environment, privileges, and nearly
// all system calls. Nothing here can be undone.
#pragma once

namespace evidock {

// Closes everything but the standard descriptors and, where asked, 3; forgets the environment; goes to /.
void leaveParent(bool keepThree);
// Gives up every privilege, for work that needs none. False with errno.
bool dropAll();
// Keeps CAP_SYS_ADMIN (mount, read-only flag) and CAP_SYS_RAWIO (vendor commands), and the system calls that the verbs
// use. False with errno. Before any thread is started.
bool confine();

}  // namespace evidock
