/* Producers send VALUES values each into a mailbox that holds ROOM of them, all different; a
   consumer reads them all. A send and a read are one step each. */
chan mailbox = [ROOM] of { byte };

active [3] proctype producer()
{
	byte sent;
	do
	:: atomic { sent < VALUES && nfull(mailbox) -> mailbox ! _pid * VALUES + sent; sent++ }
	:: sent == VALUES -> break
	od
}

active proctype consumer()
{
	byte read, value;
	do
	:: atomic { read < 3 * VALUES && nempty(mailbox) -> mailbox ? value; value = 0; read++ }
	:: read == 3 * VALUES -> break
	od
}
