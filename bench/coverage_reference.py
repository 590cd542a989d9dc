import numpy as np
from scipy import stats
D0=6.
def spread(parts,RHO,SH):
    G=max(max(p['g']) for p in parts)+1
    u=np.zeros(G);dev=np.zeros(G);sq=np.zeros(G);al=np.zeros(G);ex=np.zeros(G);lost=0;fs=0;shift=0
    for p in parts:
        n=np.array(p['n'],float);s=np.array(p['s'],float);g=np.array(p['g']);N=n.sum();m=s.sum()/N
        mt=(s.sum()+p['mu'])/(N+1);var=(p['sq']+p['mu2'])/(N+1)-mt**2;w=p['w'];shift+=w*(mt-m)
        c=w*w*var*n/N**2*(1+(n-1)*RHO)
        for i,k in enumerate(g):
            u[k]+=w*(s[i]-m*n[i])/N/np.sqrt(1-n[i]/N); a=w*n[i]/N*np.sqrt(var); dev[k]+=a; sq[k]+=a*a; al[k]+=a*a/n[i]; ex[k]+=c[i]
        if var>0: lost+=(c**2).sum()/c.sum(); fs+=c.sum()**2/(N*var)
    E=ex.sum(); dfg=E*(E-lost)/(ex**2).sum(); dfe=1/(1/dfg+fs/(2*E*E))
    hab=((1-RHO)*al+RHO*((1-SH)*sq+SH*dev**2)).sum()
    return (dfe*(u**2).sum()+D0*hab)/(dfe+D0), dfg+D0, shift
def share(v,parts,RHO=.08,SH=.5):
    V,df,sh=spread(parts,RHO,SH); t=stats.t.ppf(.975,df); T=v+sh; c=t*t*V/(T*(1-T))
    mid=(v+c/2)/(1+c);h=np.sqrt(v*(1-v)*c+c*c/4)/(1+c); return mid-h,mid+h
def bpart(n,k,w=1,mu=.5,g=None): return dict(n=n,s=k,sq=sum(k),g=g if g is not None else range(len(n)),w=w,mu=mu,mu2=mu)
print('three groups 8/10 10/10 5/6', share(23/26,[bpart([10,10,6],[8,10,5])]))
print('20 perfect singles',share(1,[bpart([1]*20,[1]*20)]))
print('7 groups of 4 perfect',share(1,[bpart([4]*7,[4]*7)]))
# balanced: nested dragons 7 of 7 groups of 1; others 6 groups of 5: right 5 4 5 3 5 4 =26/30
pi0=(1+4/30)/2; pi1=(0+26/30)/2
print('balanced nested',share((1+26/30)/2,[bpart([1]*7,[1]*7,.5,pi0,range(7)),bpart([5]*6,[5,4,5,3,5,4],.5,pi1,range(7,13))]))
# crossed three people, two labels of 10 each: right a: 9 8 10, b: 7 10 9
print('crossed',share((27/30+26/30)/2,[bpart([10]*3,[9,8,10],.5,(27/30+4/30)/2),bpart([10]*3,[7,10,9],.5,(3/30+26/30)/2)]))
def err(x,g,rho,mu2,power):
    x=np.array(x,float);m=x.mean();r=x/m;gs=sorted(set(g));n=[g.count(k) for k in gs];s=[sum(r[i] for i in range(len(g)) if g[i]==k) for k in gs]
    V,df,_=spread([dict(n=n,s=s,sq=(r**2).sum(),g=range(len(gs)),w=1,mu=1,mu2=mu2)],rho,.5);f=np.exp(power*stats.t.ppf(.975,df)*np.sqrt(V));return m,f
m,f=err([1,1,0,2],['a','b','c','d'],.2,2,1);print('mae',m/f,m*f)
m,f=err([1,1,0,4],['a','b','c','d'],.4,3,.5);print('rmse',m**.5/f,m**.5*f)
# errors 1 -1 0 2 2 -3 in groups a a b b c c
m,f=err([1,1,0,2,2,3],list('aabbcc'),.2,2,1);print('mae6',m,m/f,m*f)
# AUC: normals 1 2 3 (a b c) anomalies 2 4 (d e)
va=[1.5/3,3/3]; vb=[1-0/2,1-.5/2,1-1/2]
def ap(v,g): return dict(n=[1]*len(v),s=v,sq=sum(x*x for x in v),g=g,w=1,mu=.5,mu2=1/3)
print('auc',share(.75,[ap(va,[3,4]),ap(vb,[0,1,2])],.05,-.5))
print('auc perfect 3+2',share(1,[ap([1,1],[3,4]),ap([1,1,1],[0,1,2])],.05,-.5))
print('false alarms 0 of 3 singles', share(0,[bpart([1]*3,[0]*3)]))
